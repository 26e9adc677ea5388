import { type Result, err, ok } from '../../shared/errors.ts';

/** Longest path and longest name in it, in UTF-8 bytes; what Linux and macOS allow. */
const maxPathBytes = 4096;
const maxNameBytes = 255;

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const refuse = (message: string): Result<never, { message: string }> => err({ message });

/**
 * Reads a path that an agent gave and returns its names, relative to the worktree; empty for the worktree itself.
 * Pure: it rules out what no disk could make right (absolute paths, `..`, NUL, git's own folder); symlinks are the
 * adapter's part. A backslash counts as a separator for the rules, so that no platform reads it differently.
 */
export function parseWorktreePath(path: string): Result<string[], { message: string }> {
  if (path.includes('\0')) return refuse('The path holds a NUL character.');
  if (bytes(path) > maxPathBytes) return refuse(`The path is longer than ${maxPathBytes} bytes.`);
  if (isAbsolute(path)) {
    return refuse(
      `"${shown(path)}" is not relative. Name files from the repository's root, like "src/app.ts".`,
    );
  }
  for (const name of path.split(/[\\/]/)) {
    if (name === '..') return refuse(`"${shown(path)}" goes up with "..". Paths stay inside the repository.`);
    if (isGitName(name)) return refuse(`"${shown(path)}" is in git's own folder, which is off limits.`);
  }
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const tooLong = names.find((name) => bytes(name) > maxNameBytes);
  if (tooLong !== undefined) return refuse(`A name in the path is longer than ${maxNameBytes} bytes.`);
  return ok(names);
}

/**
 * Whether a file system could take this name for `.git`: any case, trailing dots and spaces and streams (NTFS), its
 * short name `git~1`, and ignorable code points (HFS+). Same rules as git's protectNTFS and protectHFS.
 */
export function isGitName(name: string): boolean {
  const plain = name
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return plain === '.git' || /^git~\d+$/.test(plain);
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[\\/]|~(?:[/\\]|$))/.test(path);
}

const shown = (path: string): string => (path.length > 200 ? `${path.slice(0, 200)}…` : path);

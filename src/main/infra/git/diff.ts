import type { DiffFile } from '../../app/ports/workspace.ts';
import { GitFailure, type Git } from './git.ts';

const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--submodule=short', '-M', '-r'];
const numstatBytes = 64 * 1024 * 1024;

/**
 * Unified diff between two commits or trees, cut at the last whole line within `maxBytes`, and the changed files.
 * `diff-tree` reads objects only: no file of a worktree, no tool or driver of anybody's configuration.
 */
export async function diffTrees(
  git: Git,
  gitDir: string,
  from: string,
  to: string,
  maxBytes: number,
): Promise<{ diff: string; truncated: boolean; files: DiffFile[] }> {
  const args = [
    'diff-tree',
    ...plain,
    '--patch',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--end-of-options',
    from,
    to,
  ];
  const patch = await git.run({ args, cwd: gitDir, gitDir, maxBytes: maxBytes + 1 });
  const truncated = patch.truncated || patch.stdout.length > maxBytes;
  if (patch.exitCode !== 0 && !patch.truncated) throw new GitFailure(args, patch);
  const stat = await git.output({
    args: ['diff-tree', ...plain, '--numstat', '-z', '--end-of-options', from, to],
    cwd: gitDir,
    gitDir,
    maxBytes: numstatBytes,
  });
  const bytes = truncated ? wholeLines(patch.stdout.subarray(0, maxBytes)) : patch.stdout;
  return { diff: bytes.toString('utf8'), truncated, files: parseNumstat(stat.toString('utf8')) };
}

const wholeLines = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);

/** `added\tdeleted\tpath\0`, or for a rename `added\tdeleted\t\0old\0new\0`; `-` for binary files counts as 0. */
export function parseNumstat(text: string): DiffFile[] {
  const fields = text.split('\0');
  const files: DiffFile[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const parts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[at] ?? '');
    if (!parts) continue;
    const renamed = parts[3] === '';
    if (renamed) at += 2;
    files.push({
      path: renamed ? (fields[at] ?? '') : (parts[3] ?? ''),
      additions: Number(parts[1]) || 0,
      deletions: Number(parts[2]) || 0,
    });
  }
  return files;
}

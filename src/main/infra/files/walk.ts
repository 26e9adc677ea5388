import { opendir } from 'node:fs/promises';
import { isGitName } from '../../domain/worktree-path.ts';
import { type ConfinedFolder, openFolder } from './confined-folder.ts';
import { codeOf } from './file-errors.ts';

/** Folders of installed packages and caches: shown, but entered only when asked for by name. */
const heavy = new Set([
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.gradle',
  '.cache',
]);

/** At most this many entries are looked at, and for this long. */
const maxEntries = 50_000;
const maxMs = 5000;
/** Each level holds a folder open. */
const maxDepth = 64;

export interface WalkedFile {
  /** Relative to the worktree, with `/`; a folder that was not entered ends in `/`. */
  path: string;
  isFolder: boolean;
  isRegular: boolean;
}

/** Files below a folder of the worktree, sorted within each folder; symlinks are named and not followed. */
export async function walk(
  root: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<{ files: WalkedFile[]; truncated: boolean }> {
  const end = performance.now() + maxMs;
  const state: WalkState = { files: [], seen: 0, truncated: false, stopped: false, end, signal };
  const folder = await openFolder(root, names);
  await visit(folder, names.map((name) => `${name}/`).join(''), state, 0);
  return { files: state.files, truncated: state.truncated };
}

interface WalkState {
  files: WalkedFile[];
  seen: number;
  truncated: boolean;
  /** No more entries may be looked at. */
  stopped: boolean;
  end: number;
  signal: AbortSignal | undefined;
}

/** Closes `folder`. */
async function visit(folder: ConfinedFolder, prefix: string, state: WalkState, depth: number): Promise<void> {
  try {
    const folders: string[] = [];
    for (const entry of await entriesOf(folder, state)) {
      if (isGitName(entry.name)) continue;
      if (!entry.isFolder) {
        state.files.push({ path: prefix + entry.name, isFolder: false, isRegular: entry.isRegular });
      } else if (heavy.has(entry.name)) {
        state.files.push({ path: `${prefix}${entry.name}/`, isFolder: true, isRegular: false });
      } else {
        folders.push(entry.name);
      }
    }
    for (const name of folders) {
      if (state.stopped) return;
      if (depth >= maxDepth) {
        state.truncated = true;
        break;
      }
      const child = await folder.enter(name).catch(ignoreGone);
      if (child) await visit(child, `${prefix}${name}/`, state, depth + 1);
    }
  } finally {
    await folder.close();
  }
}

interface Entry {
  name: string;
  isFolder: boolean;
  isRegular: boolean;
}

async function entriesOf(folder: ConfinedFolder, state: WalkState): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of await opendir(folder.self, { bufferSize: 256 })) {
    state.signal?.throwIfAborted();
    state.seen += 1;
    if (state.seen > maxEntries || performance.now() > state.end) {
      state.truncated = true;
      state.stopped = true;
      break;
    }
    entries.push({ name: entry.name, isFolder: entry.isDirectory(), isRegular: entry.isFile() });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A folder that went away, became a symlink or may not be read is left out. */
function ignoreGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM'].includes(codeOf(error))) return null;
  throw error;
}

/**
 * At most `limit` names that give the best overview: all files if they fit, else the folders below the greatest depth
 * that fits, each ending in `/`.
 */
export function overview(files: readonly string[], limit: number): { files: string[]; truncated: boolean } {
  if (files.length <= limit) return { files: [...files].sort(), truncated: false };
  const deepest = files.reduce((depth, file) => Math.max(depth, file.split('/').length), 0);
  for (let depth = deepest - 1; depth > 1; depth -= 1) {
    const collapsed = collapse(files, depth);
    if (collapsed.length <= limit) return { files: collapsed, truncated: true };
  }
  return { files: collapse(files, 1).slice(0, limit), truncated: true };
}

function collapse(files: readonly string[], depth: number): string[] {
  const names = new Set<string>();
  for (const file of files) {
    const parts = file.split('/');
    names.add(parts.length <= depth ? file : `${parts.slice(0, depth).join('/')}/`);
  }
  return [...names].sort();
}

import { realpathSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { type Result, ok } from '../../../shared/errors.ts';
import type { FileError, OpenWorktreeFiles, WorktreeFiles } from '../../app/ports/workspace.ts';
import { namesOf, openFolder, resolvedNamesOf } from './confined-folder.ts';
import { refuse, toFileError } from './file-errors.ts';
import { openRegular, readLines } from './read-lines.ts';
import { searchFiles } from './search.ts';
import { overview, walk, type WalkedFile } from './walk.ts';
import { writeFileInside } from './write-file.ts';

/**
 * The agents' file tools, confined to `worktree`: whatever the path, nothing outside of it and nothing of git's is
 * read, listed or changed. Reading goes through symlinks that stay inside; changing goes through none. Only regular
 * files are opened. All calls answer with data; only `search` rejects, when its signal is aborted.
 */
export const openWorktreeFiles: OpenWorktreeFiles = (worktree) => {
  const root = realpathSync(worktree);
  return {
    list: (path, limit) =>
      asResult(path, async () => {
        const found = await filesBelow(root, path);
        const shown = overview(
          found.files.map((file) => file.path),
          limit,
        );
        return { files: shown.files, truncated: shown.truncated || found.truncated };
      }),
    read: (path, from = 1, to = Infinity) =>
      asResult(path, async () => {
        if (to < from) throw refuse(`Line ${to} comes before line ${from}.`);
        return readRange(root, path, from, to);
      }),
    readWhole: (path) => asResult(path, async () => (await readRange(root, path, 1, Infinity)).text),
    write: (path, text) => asResult(path, () => writeFileInside(root, namesOf(path), path, text)),
    remove: (path) => asResult(path, () => remove(root, path)),
    search: (pattern, path, limit, signal) =>
      asResult(path, async () => {
        signal.throwIfAborted();
        const found = await filesBelow(root, path, signal);
        const result = await searchFiles(root, found.files, pattern, limit, signal);
        return { matches: result.matches, truncated: result.truncated || found.truncated };
      }),
  } satisfies WorktreeFiles;
};

async function asResult<T>(path: string, work: () => Promise<T>): Promise<Result<T, FileError>> {
  try {
    return ok(await work());
  } catch (error) {
    return toFileError(path, error);
  }
}

/** A file's own name, or the files below a folder. */
async function filesBelow(
  root: string,
  path: string,
  signal?: AbortSignal,
): Promise<{ files: WalkedFile[]; truncated: boolean }> {
  const names = await resolvedNamesOf(root, path);
  const name = names.at(-1);
  if (name === undefined) return walk(root, [], signal);
  const folder = await openFolder(root, names.slice(0, -1));
  try {
    const info = await lstat(folder.at(name));
    if (info.isDirectory()) return await walk(root, names, signal);
    return {
      files: [{ path: names.join('/'), isFolder: false, isRegular: info.isFile() }],
      truncated: false,
    };
  } finally {
    await folder.close();
  }
}

async function readRange(
  root: string,
  path: string,
  from: number,
  to: number,
): Promise<{ text: string; totalLines: number }> {
  const names = await resolvedNamesOf(root, path);
  const name = names.at(-1);
  if (name === undefined) throw refuse(`"${path}" is a folder. Use list_files for it.`);
  const folder = await openFolder(root, names.slice(0, -1));
  try {
    const handle = await openRegular(folder, name, path);
    try {
      return await readLines(handle, path, from, to);
    } finally {
      await handle.close();
    }
  } finally {
    await folder.close();
  }
}

/** Removes a file or a symlink itself; a folder goes with its last file in git, and never as a whole. */
async function remove(root: string, path: string): Promise<null> {
  const names = namesOf(path);
  const name = names.at(-1);
  if (name === undefined) throw refuse(`"${path}" is the repository itself.`);
  const folder = await openFolder(root, names.slice(0, -1));
  try {
    const info = await lstat(folder.at(name));
    if (info.isDirectory())
      throw refuse(`"${path}" is a folder. Delete its files one by one, or use a command.`);
    await rm(folder.at(name));
    return null;
  } finally {
    await folder.close();
  }
}

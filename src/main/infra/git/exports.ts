import { lchown, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { WorkspaceHandle } from '../../app/ports/workspace.ts';
import { filtersOff } from './filters.ts';
import type { Git } from './git.ts';
import { giveToOwner } from './owner.ts';
import { removeTree } from './remove-tree.ts';

const longMs = 30 * 60_000;

/**
 * Plain files of `commit` in `<folder>/<job>-<name>`, fresh each time. The attributes that count are the commit's own,
 * not those in the worktree; no filter runs.
 */
export async function exportCommit(
  git: Git,
  folder: string,
  handle: WorkspaceHandle,
  commit: string,
  name: string,
): Promise<string> {
  const path = join(folder, `${handle.jobId}-${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100)}`);
  const indexFile = `${path}.index`;
  await removeExport(folder, path);
  await mkdir(path, { recursive: true, mode: 0o755 });
  try {
    await git.output({
      args: ['read-tree', '--reset', '-u', commit],
      cwd: path,
      gitDir: handle.gitDir,
      workTree: path,
      indexFile,
      config: await filtersOff(git, handle.gitDir),
      timeoutMs: longMs,
    });
    await sameOwner(handle.worktree, path);
  } finally {
    await rm(indexFile, { force: true });
  }
  return path;
}

/** Removes an export. Refuses a path that is not directly in `folder`. */
export async function removeExport(folder: string, path: string): Promise<void> {
  const real = resolve(path);
  if (dirname(real) !== resolve(folder)) throw new Error(`not an export: ${path}`);
  await removeTree(real);
  await rm(`${real}.index`, { force: true });
  await rm(`${real}.index.lock`, { force: true });
}

/** As root: whoever may write in the worktree may in the export. */
async function sameOwner(worktree: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await lstat(worktree).catch(() => null);
  if (owner === null || owner.uid === 0) return;
  await lchown(path, owner.uid, owner.gid);
  await giveToOwner(path);
}

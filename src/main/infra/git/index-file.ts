import { randomUUID } from 'node:crypto';
import { chmod, copyFile, lstat, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, type GitCall, GitFailure } from './git.ts';
import { type IndexChanges, absolute } from './present-files.ts';

const draftPrefix = 'index-dev-crew-';

/** Runs `work` on a copy of the index in `gitDir`, which then replaces it. */
export async function onCopy(gitDir: string, work: (indexFile: string) => Promise<void>): Promise<void> {
  const index = join(gitDir, 'index');
  const draft = join(gitDir, `${draftPrefix}${randomUUID()}`);
  try {
    await copyIndex(index, draft).catch(ignoreMissing);
    await work(draft);
    await rename(draft, index).catch(ignoreMissing);
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.lock`, { force: true });
  }
}

/**
 * With its time: git reads a file again that was written in the second of the index or later, since its time and size may
 * then hide a change. Rounded down, which at worst has a file read for nothing.
 */
async function copyIndex(index: string, draft: string): Promise<void> {
  await copyFile(index, draft);
  const { atimeMs, mtimeMs } = await stat(index);
  await utimes(draft, Math.floor(atimeMs / 1000), Math.floor(mtimeMs / 1000));
}

/** Removes the copies, and the lock on the index itself, that a killed process has left. */
export async function removeDrafts(gitDir: string): Promise<void> {
  const names = await readdir(gitDir).catch(() => []);
  const stale = names.filter((name) => name.startsWith(draftPrefix) || name === 'index.lock');
  for (const name of stale) await rm(join(gitDir, name), { force: true });
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

/** Writes the changes into `indexFile`; the contents of new and changed files become objects. */
export async function applyChanges(
  git: Git,
  base: GitCall,
  indexFile: string,
  changes: IndexChanges,
): Promise<void> {
  if (changes.displaced.length > 0) {
    const args = ['update-index', '--force-remove', '-z', '--stdin'];
    await git.output({ ...base, indexFile, args, input: joinNul(changes.displaced) });
  }
  // Gone first: a folder may have taken the place of a file, or a file that of a folder.
  const paths = [...changes.gone, ...changes.present];
  if (paths.length === 0) return;
  const args = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
  const add: GitCall = { ...base, indexFile, args, input: joinNul(paths) };
  const outcome = await git.run(add);
  if (outcome.exitCode === 0) return;
  if (!/Permission denied/.test(outcome.stderr)) throw new GitFailure(args, outcome);
  await makeReadable(base.workTree ?? '', changes.present);
  await git.output(add);
}

/** A file without read permission for its owner cannot be recorded; git would not record that mode anyway. */
async function makeReadable(worktree: string, paths: readonly Buffer[]): Promise<void> {
  for (const path of paths) {
    const file = absolute(worktree, path);
    const info = await lstat(file).catch(() => null);
    if (info?.isFile() && (info.mode & 0o400) === 0) await chmod(file, info.mode | 0o600);
  }
}

const joinNul = (paths: readonly Buffer[]): Buffer =>
  Buffer.concat(paths.flatMap((path) => [path, Buffer.from([0])]));

import { randomUUID } from 'node:crypto';
import {
  lstat,
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { commonFailure, invalidInput, shown, unavailable } from './errors.ts';
import { filtersOff } from './filters.ts';
import type { Git } from './git.ts';
import { removeTree } from './remove-tree.ts';

/** In the worktree's own git directory, out of the agents' reach: the checkout is whole and may have been worked on. */
const readyMarker = 'dev-crew-ready';
const checkoutMs = 30 * 60_000;

export interface WorktreeJob {
  jobId: string;
  workBranch: string;
}

/**
 * The linked worktree of a job at `path`, checked out at the work branch, and its own git directory. Goes on from
 * whatever an earlier call left: a whole one is returned as it is, a half one is removed and made again, since
 * nobody has worked in it yet. The caller holds the repository's lock. Throws `WorkspaceError`.
 */
export async function ensureWorktree(
  git: Git,
  gitDir: string,
  path: string,
  job: WorktreeJob,
  signal: AbortSignal,
): Promise<string> {
  const registered = await findRegistrations(gitDir, path);
  for (const admin of registered) {
    if (registered.length > 1 || !(await isWhole(admin, path, job))) continue;
    await repairGitFile(admin, path);
    await removeDrafts(path);
    return admin;
  }
  if (registered.length > 0) await removeTree(path);
  else await setAside(path);
  for (const admin of registered) await removeTree(admin);
  await addWorktree(git, gitDir, path, job, signal);
  const [admin] = await findRegistrations(gitDir, path);
  if (admin === undefined) throw unavailable('git did not register the worktree. Retry the job.');
  await checkOut(git, gitDir, admin, path, job, signal);
  await writeFile(join(admin, readyMarker), `${job.jobId}\n`);
  return admin;
}

/** Removes the worktree and its registration. Idempotent; other worktrees of the repository are not looked at. */
export async function removeWorktree(gitDir: string, path: string): Promise<void> {
  const registered = await findRegistrations(gitDir, path);
  await removeTree(path);
  for (const admin of registered) await removeTree(admin);
  await removeDrafts(path);
  // As git does when the last linked worktree goes; fails, rightly, while there are others.
  await rmdir(join(gitDir, 'worktrees')).catch(() => undefined);
}

/**
 * A worktree without a registration was whole once: the user's git has pruned it while the data folder was away. What
 * the crew did in it since the last snapshot is kept beside it, for a person to look at.
 */
async function setAside(path: string): Promise<void> {
  try {
    await rename(path, `${path}.aside-${randomUUID()}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/**
 * Administrative folders that belong to the worktree at `path`: those that name it, and those of a killed
 * `git worktree add`, which bear the job's id as their name but name nothing yet.
 */
async function findRegistrations(gitDir: string, path: string): Promise<string[]> {
  const folder = join(gitDir, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names) {
    const admin = join(folder, name);
    const target = await readFile(join(admin, 'gitdir'), 'utf8').then(
      (text) => text.trimEnd(),
      () => '',
    );
    if (asGitWrites(target) === asGitWrites(join(path, '.git')) || (target === '' && name === basename(path)))
      found.push(admin);
  }
  return found;
}

/** What the file tools leave beside the worktree when they are killed in the middle of a write. */
async function removeDrafts(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    if (name.startsWith(prefix) && name.endsWith('.draft'))
      await rm(join(dirname(path), name), { force: true });
  }
}

const asGitWrites = (path: string): string =>
  process.platform === 'win32' ? path.replaceAll('\\', '/') : path;

/**
 * Puts back the worktree's `.git` file if an agent has changed or removed it. We never read it, but the user's own
 * git does, and takes a worktree without it for a stale one.
 */
export async function repairGitFile(admin: string, path: string): Promise<void> {
  const file = join(path, '.git');
  const wanted = `gitdir: ${asGitWrites(admin)}\n`;
  const info = await lstat(file).catch(() => null);
  if (info?.isFile() && info.size < 65_536 && (await readFile(file, 'utf8')) === wanted) return;
  await removeTree(file);
  await writeFile(file, wanted, { flag: 'wx' });
}

async function isWhole(admin: string, path: string, job: WorktreeJob): Promise<boolean> {
  const ready = await stat(join(admin, readyMarker)).then(
    () => true,
    () => false,
  );
  const folder = await lstat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const head = await readFile(join(admin, 'HEAD'), 'utf8').catch(() => '');
  return ready && folder && head.trim() === `ref: refs/heads/${job.workBranch}`;
}

async function addWorktree(
  git: Git,
  gitDir: string,
  path: string,
  job: WorktreeJob,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const outcome = await git.run({
    args: ['worktree', 'add', '--quiet', '--no-checkout', '--', path, job.workBranch],
    cwd: gitDir,
    gitDir,
    config: [
      ['worktree.guessRemote', 'false'],
      ['worktree.useRelativePaths', 'false'],
    ],
    signal,
  });
  if (outcome.exitCode === 0) return;
  const common = commonFailure(outcome);
  if (common) throw common;
  const elsewhere = /already (?:checked out|used by worktree) at '(.*)'/s.exec(outcome.stderr)?.[1];
  if (elsewhere !== undefined) {
    throw invalidInput(
      `The branch ${shown(job.workBranch)} is checked out in ${shown(elsewhere)}. Switch that checkout to another branch, then retry the job.`,
    );
  }
  const told = outcome.stderr.trim().split('\n').at(-1) ?? '';
  throw unavailable(`git cannot create a worktree: ${told.slice(0, 300)}`);
}

async function checkOut(
  git: Git,
  gitDir: string,
  admin: string,
  path: string,
  job: WorktreeJob,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await git.run({
    args: ['read-tree', '--reset', '-u', `refs/heads/${job.workBranch}`],
    cwd: admin,
    gitDir: admin,
    workTree: path,
    config: await filtersOff(git, gitDir),
    timeoutMs: checkoutMs,
    signal,
  });
  if (outcome.exitCode === 0) return;
  const told = outcome.stderr.trim().split('\n').at(-1) ?? '';
  throw commonFailure(outcome) ?? unavailable(`git cannot check the files out: ${told.slice(0, 300)}`);
}

/** The folder of all worktrees as git will write it down: with symlinks resolved. */
export async function realFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return realpath(path);
}

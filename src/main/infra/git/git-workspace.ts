import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Result, err, ok } from '../../../shared/errors.ts';
import type { Log } from '../../app/ports/system.ts';
import type { Workspace, WorkspaceHandle } from '../../app/ports/workspace.ts';
import { commitToBranch, writeSnapshot } from './commits.ts';
import { collectContext } from './context.ts';
import { diffTrees } from './diff.ts';
import { ensureRoom, onDisks } from './disk-room.ts';
import { WorkspaceError, expectedFailure, isOutOfSpace } from './errors.ts';
import { exportCommit, removeExport } from './exports.ts';
import { type Git, createGit } from './git.ts';
import { createGitCheck } from './git-version.ts';
import { assertJobId, claimWorkBranch, readBase } from './job-refs.ts';
import { headBranch, listBranches, openLocalRepo, resolveBranch } from './local-repo.ts';
import { createLocks, type Locks } from './lock.ts';
import { fetchMirror, listRemote, mirrorName, mirroredBranches } from './mirror.ts';
import { removeTree } from './remove-tree.ts';
import { findSource, type RepoSource } from './repo-source.ts';
import { createWorktreeIndex, type WorktreeIndex } from './worktree-index.ts';
import { ensureWorktree, realFolder, removeWorktree } from './worktree.ts';

export interface GitWorkspaceOptions {
  /** Absolute. Holds `mirrors`, `worktrees`, `exports` and `locks`; nothing is written elsewhere but in the repository's git directory. */
  dataFolder: string;
  /** Where relative repository paths start; the process's folder when not given. */
  workspaceRoot?: string;
  /** What `~` stands for; the account's home when not given. */
  home?: string;
  /** What `owner/name` is appended to; GitHub when not given. */
  githubBaseUrl?: string;
  /** Environment of git; the process's own when not given. */
  env?: NodeJS.ProcessEnv;
  log: Log;
}

type Job = Parameters<Workspace['prepare']>[0];

interface Parts {
  git: Git;
  /** Throws a `WorkspaceError` unless git is there and new enough. */
  checkGit: () => Promise<void>;
  index: WorktreeIndex;
  locks: Locks;
  dataFolder: string;
  workspaceRoot: string;
  home: string;
  githubBaseUrl: string;
}

/**
 * `Workspace` by spawning git (2.31 or later). Expected failures come back as results; the methods that return none
 * throw, as do all of them when aborted (with the signal's reason).
 */
export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const git = createGit(options.env ?? process.env);
  const parts: Parts = {
    git,
    checkGit: createGitCheck(git),
    index: createWorktreeIndex(git, options.log),
    locks: createLocks(join(options.dataFolder, 'locks')),
    dataFolder: options.dataFolder,
    workspaceRoot: resolve(options.workspaceRoot ?? '.'),
    home: options.home ?? homedir(),
    githubBaseUrl: (options.githubBaseUrl ?? 'https://github.com').replace(/\/+$/, ''),
  };
  const exportsFolder = join(options.dataFolder, 'exports');
  const disksOf = (handle: WorkspaceHandle): string[] => [options.dataFolder, handle.gitDir];
  const on = <T>(handle: WorkspaceHandle, work: () => Promise<T>): Promise<T> =>
    onDisks(disksOf(handle), work);
  return {
    inspect: (repo, signal) => asResult(() => inspect(parts, repo, signal)),
    prepare: (job, onProgress, signal) =>
      asResult(() =>
        onDisks([options.dataFolder], async () => {
          await ensureRoom([options.dataFolder]);
          return prepare(parts, job, onProgress, signal);
        }),
      ),
    collectContext: (handle, signal) => collectContext(git, handle, signal),
    tree: (handle) => on(handle, () => parts.index.tree(handle)),
    restore: (handle, tree, { ignoredToo } = { ignoredToo: false }) => {
      const id = objectId(tree);
      return on(handle, () => parts.index.restore(handle, id, ignoredToo));
    },
    ensureRoom: (handle) => ensureRoom(disksOf(handle)),
    snapshot: (handle, number, message) =>
      on(handle, async () => writeSnapshot(git, handle, number, await parts.index.tree(handle), message)),
    exportCommit: (handle, commit, name) => {
      const id = objectId(commit);
      return on(handle, () => exportCommit(git, exportsFolder, handle, id, name));
    },
    removeExport: (path) => removeExport(exportsFolder, path),
    commit: (handle, tree, message) => on(handle, () => commit(parts, handle, tree, message)),
    diff: async (handle, to, maxBytes) => {
      const target = to === null ? await parts.index.tree(handle) : objectId(to);
      return diffTrees(git, handle.gitDir, handle.baseCommit, target, maxBytes);
    },
    close: (handle) =>
      on(handle, async () => {
        await parts.index.forget(handle.worktreeGitDir);
        await remove(parts, handle.gitDir, handle.worktree);
      }),
    abandon: (job) => onDisks([options.dataFolder], () => abandon(parts, job)),
  };
}

async function commit(
  parts: Parts,
  handle: WorkspaceHandle,
  tree: string,
  message: string,
): Promise<Result<{ commit: string } | null>> {
  const result = await commitToBranch(parts.git, handle, objectId(tree), message);
  if (result.ok) await parts.index.settle(handle, result.value?.commit ?? handle.baseCommit);
  return result;
}

async function remove(parts: Parts, gitDir: string, worktree: string): Promise<void> {
  const work = (): Promise<void> => removeWorktree(gitDir, worktree);
  await parts.locks.hold(lockName(gitDir), undefined, () => undefined, work);
}

async function abandon(parts: Parts, job: { jobId: string; repo: string }): Promise<void> {
  assertJobId(job.jobId);
  const worktree = await worktreePath(parts, job.jobId);
  try {
    await remove(parts, await gitDirOf(parts, await findSource(job.repo, parts)), worktree);
  } catch (error) {
    // A repository that is gone, or never was one, has no registration to remove either.
    if (expectedFailure(error) === null || isOutOfSpace(error)) throw error;
    await removeTree(worktree);
  }
}

async function asResult<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    const expected = expectedFailure(error);
    if (expected === null) throw error;
    return err(expected.toAppError());
  }
}

async function inspect(
  parts: Parts,
  repo: string,
  signal: AbortSignal,
): Promise<{ repo: string; branches: string[]; headBranch: string | null }> {
  await parts.checkGit();
  const source = await findSource(repo, parts);
  if (source.kind === 'remote') {
    const cwd = await realFolder(parts.dataFolder);
    return { repo: source.url, ...(await listRemote(parts.git, source.url, cwd, signal)) };
  }
  const local = await openLocalRepo(parts.git, source.path, signal);
  const branches = await listBranches(parts.git, local.gitDir, 'refs/heads/', signal);
  if (branches.length === 0) {
    throw new WorkspaceError(
      'invalid_input',
      'The repository has no commits yet. Make a first commit and try again.',
    );
  }
  return { repo: local.path, branches, headBranch: await headBranch(parts.git, local, signal) };
}

async function prepare(
  parts: Parts,
  job: Job,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<WorkspaceHandle> {
  assertJobId(job.jobId);
  await parts.checkGit();
  const source = await findSource(job.repo, parts);
  const gitDir = await gitDirOf(parts, source, signal);
  const onWait = (): void => onProgress('Waiting for another job that uses this repository');
  return parts.locks.hold(lockName(gitDir), signal, onWait, async () => {
    const baseCommit = await settleBase(parts, source, gitDir, job, onProgress, signal);
    await claimWorkBranch(parts.git, gitDir, job, baseCommit);
    const worktree = await worktreePath(parts, job.jobId);
    const worktreeGitDir = await ensureWorktree(parts.git, gitDir, worktree, job, signal);
    await parts.index.forget(worktreeGitDir);
    return { jobId: job.jobId, gitDir, worktreeGitDir, worktree, baseCommit, workBranch: job.workBranch };
  });
}

const worktreePath = async (parts: Parts, jobId: string): Promise<string> =>
  join(await realFolder(join(parts.dataFolder, 'worktrees')), jobId);

async function gitDirOf(parts: Parts, source: RepoSource, signal?: AbortSignal): Promise<string> {
  if (source.kind === 'local') return (await openLocalRepo(parts.git, source.path, signal)).gitDir;
  return join(await realFolder(join(parts.dataFolder, 'mirrors')), mirrorName(source.url));
}

/** The commit that the job started from, if it has; else that of its base branch as it is now. */
async function settleBase(
  parts: Parts,
  source: RepoSource,
  gitDir: string,
  job: Job,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  if (source.kind === 'local') {
    const settled = await readBase(parts.git, gitDir, job.jobId);
    return settled ?? resolveBranch(parts.git, gitDir, 'refs/heads/', job.baseBranch, signal);
  }
  const settled = await readBase(parts.git, gitDir, job.jobId).catch(() => null);
  if (settled !== null) return settled;
  onProgress(`Fetching ${source.url}`);
  await fetchMirror(parts.git, source.url, gitDir, onProgress, signal);
  return resolveBranch(parts.git, gitDir, mirroredBranches, job.baseBranch, signal);
}

const lockName = (gitDir: string): string => createHash('sha256').update(gitDir).digest('hex').slice(0, 32);

/** Objects are named by full ids only: never by an expression that somebody else could give a meaning. */
function objectId(id: string): string {
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id)) throw new Error(`not an object id: ${id.slice(0, 100)}`);
  return id;
}

import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../app/ports/system.ts';
import type { WorkspaceHandle } from '../../app/ports/workspace.ts';
import { filtersOff } from './filters.ts';
import { isOutOfSpace } from './errors.ts';
import type { Git, GitCall } from './git.ts';
import { applyChanges, onCopy, removeDrafts } from './index-file.ts';
import { giveToOwner } from './owner.ts';
import { type IndexChanges, absolute, sortPaths, splitNul } from './present-files.ts';

const longMs = 30 * 60_000;

/** What is known of one worktree while the process lives. */
interface Known {
  filters: (readonly [string, string])[];
  /** Identity of the index file that `tree` was written from; empty before the first time. */
  stamp: string;
  tree: string;
}

interface Context {
  git: Git;
  log: Log;
  /** By the worktree's own git directory. */
  known: Map<string, Known>;
}

interface Recorded {
  tree: string;
  /** Paths on the disk that the tree does not have although no rule ignores them. */
  leftOut: Buffer[];
}

/** Records what lies in a job's worktree, without `git add`, and without trusting what lies there. */
export interface WorktreeIndex {
  /** Tree id of the worktree as it is. Nested repositories and files over `maxRecordedBytes` are left out. */
  tree(handle: WorkspaceHandle): Promise<string>;
  /** Makes the worktree equal to `tree`; ignored files stay unless they are to go too. Throws when it cannot. */
  restore(handle: WorkspaceHandle, tree: string, ignoredToo: boolean): Promise<void>;
  /** Makes the index agree with `commit`, on which HEAD now is; files are not touched. */
  settle(handle: WorkspaceHandle, commit: string): Promise<void>;
  /** Forgets what is known of the worktree and removes what a killed process left in its git directory. */
  forget(worktreeGitDir: string): Promise<void>;
}

/**
 * The index is the linked worktree's own, which nobody but us uses. Every change is made on a copy that replaces it
 * by rename, so a killed process leaves neither a half index nor a lock.
 */
export function createWorktreeIndex(git: Git, log: Log): WorktreeIndex {
  const context: Context = { git, log, known: new Map() };
  return {
    tree: async (handle) => (await record(context, handle)).tree,
    restore: async (handle, tree, ignoredToo) => {
      if (ignoredToo) await removeIgnored(context, handle);
      await restoreWithRoom(context, handle, tree);
      if (await giveToOwner(handle.worktree)) context.known.delete(handle.worktreeGitDir);
    },
    settle: (handle, commit) => readTree(context, handle, ['-m', commit]),
    forget: async (worktreeGitDir) => {
      context.known.delete(worktreeGitDir);
      await removeDrafts(worktreeGitDir);
    },
  };
}

function callIn(handle: WorkspaceHandle, state: Known, args: string[]): GitCall {
  return {
    args,
    cwd: handle.worktreeGitDir,
    gitDir: handle.worktreeGitDir,
    workTree: handle.worktree,
    config: state.filters,
    timeoutMs: longMs,
  };
}

async function knownOf(context: Context, handle: WorkspaceHandle): Promise<Known> {
  const before = context.known.get(handle.worktreeGitDir);
  if (before) return before;
  const state = await readOnlyState(context, handle);
  // Stat data recorded before files got another owner or were copied, or in the second of the index, would have every
  // file read again each time.
  const refresh = callIn(handle, state, ['update-index', '-q', '--force-write-index', '--refresh']);
  await onCopy(handle.worktreeGitDir, async (indexFile) => {
    await context.git.run({ ...refresh, indexFile });
  });
  context.known.set(handle.worktreeGitDir, state);
  return state;
}

/** For calls that write nothing, which a full disk does not stop. */
const readOnlyState = async (context: Context, handle: WorkspaceHandle): Promise<Known> =>
  context.known.get(handle.worktreeGitDir) ?? {
    filters: await filtersOff(context.git, handle.gitDir),
    stamp: '',
    tree: '',
  };

async function record(context: Context, handle: WorkspaceHandle): Promise<Recorded> {
  const state = await knownOf(context, handle);
  const changes = await changesOf(context, handle, state);
  const leftOut = [...changes.nested, ...changes.tooLarge];
  const count = changes.gone.length + changes.present.length + changes.displaced.length;
  if (count === 0 && state.stamp !== '' && state.stamp === (await stampOf(handle))) {
    return { tree: state.tree, leftOut };
  }
  if (count > 0) {
    const base = callIn(handle, state, []);
    await onCopy(handle.worktreeGitDir, (indexFile) => applyChanges(context.git, base, indexFile, changes));
  }
  state.tree = await context.git.text(callIn(handle, state, ['write-tree']));
  state.stamp = await stampOf(handle);
  return { tree: state.tree, leftOut };
}

async function changesOf(context: Context, handle: WorkspaceHandle, state: Known): Promise<IndexChanges> {
  const args = ['ls-files', '-z', '--others', '--modified', '--deleted', '--exclude-standard'];
  const listed = splitNul(await context.git.output(callIn(handle, state, args)));
  const changes = await sortPaths(handle.worktree, listed);
  if (changes.displaced.length > 0) {
    const links = await submodules(context.git, callIn(handle, state, ['ls-files', '-z', '--stage']));
    changes.displaced = changes.displaced.filter((path) => !links.has(path.toString('latin1')));
  }
  if (changes.tooLarge.length > 0) {
    const files = changes.tooLarge.slice(0, 5).map(String);
    context.log.warn('files too large to record are left out of the tree', { job_id: handle.jobId, files });
  }
  return changes;
}

/** Recording what is there needs room, and what is there may have taken it: then it is removed before it is recorded. */
async function restoreWithRoom(context: Context, handle: WorkspaceHandle, tree: string): Promise<void> {
  try {
    await restore(context, handle, tree);
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
    const changes = await changesOf(context, handle, await readOnlyState(context, handle));
    await removeAll(handle, [...changes.present, ...changes.nested, ...changes.tooLarge]);
    await restore(context, handle, tree);
  }
}

async function removeIgnored(context: Context, handle: WorkspaceHandle): Promise<void> {
  const state = await readOnlyState(context, handle);
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  await removeAll(handle, splitNul(await context.git.output(callIn(handle, state, args))));
}

async function removeAll(handle: WorkspaceHandle, paths: readonly Buffer[]): Promise<void> {
  for (const path of paths) await rm(absolute(handle.worktree, path), { recursive: true, force: true });
}

async function restore(context: Context, handle: WorkspaceHandle, tree: string): Promise<void> {
  // A second round removes what only the replaced .gitignore had hidden.
  for (let round = 0; round < 3; round += 1) {
    const present = await record(context, handle);
    if (present.tree === tree && present.leftOut.length === 0) return;
    await removeAll(handle, present.leftOut);
    await readTree(context, handle, ['--reset', '-u', tree]);
  }
  if ((await record(context, handle)).tree === tree) return;
  throw new Error(`the worktree of job ${handle.jobId} could not be brought back to ${tree}`);
}

async function readTree(context: Context, handle: WorkspaceHandle, args: string[]): Promise<void> {
  const state = await knownOf(context, handle);
  await onCopy(handle.worktreeGitDir, async (indexFile) => {
    await context.git.output({ ...callIn(handle, state, ['read-tree', ...args]), indexFile });
  });
}

async function stampOf(handle: WorkspaceHandle): Promise<string> {
  const info = await stat(join(handle.worktreeGitDir, 'index'), { bigint: true }).catch(() => null);
  return info === null ? '' : `${info.ino} ${info.size} ${info.mtimeNs}`;
}

/** Paths of the submodules in the index: folders on the disk, and rightly so. */
async function submodules(git: Git, call: GitCall): Promise<Set<string>> {
  const links = new Set<string>();
  for (const entry of splitNul(await git.output(call))) {
    if (entry.toString('latin1', 0, 6) === '160000')
      links.add(entry.toString('latin1', entry.indexOf(9) + 1));
  }
  return links;
}

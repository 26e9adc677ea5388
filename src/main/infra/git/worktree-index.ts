import { randomUUID } from 'node:crypto';
import { chmod, copyFile, lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceHandle } from '../../app/ports/workspace.ts';
import type { Log } from '../../app/ports/system.ts';
import { filtersOff } from './filters.ts';
import { GitFailure, type Git, type GitCall } from './git.ts';
import { giveToOwner } from './owner.ts';
import { type IndexChanges, absolute, sortPaths, splitNul } from './present-files.ts';

const longMs = 30 * 60_000;
const draftPrefix = 'index-dev-crew-';

interface Known {
  filters: (readonly [string, string])[];
  /** Identity of the index file that `tree` was written from. */
  stamp: string;
  tree: string;
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
  /** Makes the worktree equal to `tree`; ignored files stay. Throws when it cannot. */
  restore(handle: WorkspaceHandle, tree: string): Promise<void>;
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
  const known = new Map<string, Known>();

  const call = (handle: WorkspaceHandle, filters: Known['filters'], args: string[]): GitCall => ({
    args,
    cwd: handle.worktreeGitDir,
    gitDir: handle.worktreeGitDir,
    workTree: handle.worktree,
    config: filters,
    timeoutMs: longMs,
  });

  const remember = async (handle: WorkspaceHandle): Promise<Known> => {
    const before = known.get(handle.worktreeGitDir);
    if (before) return before;
    const fresh: Known = { filters: await filtersOff(git, handle.gitDir), stamp: '', tree: '' };
    // Stat data recorded before files got another owner or were copied would have every file read again each time.
    await onCopy(handle, async (indexFile) => {
      await git.run({ ...call(handle, fresh.filters, ['update-index', '-q', '--refresh']), indexFile });
    });
    known.set(handle.worktreeGitDir, fresh);
    return fresh;
  };

  const changesOf = async (handle: WorkspaceHandle, state: Known): Promise<IndexChanges> => {
    const args = ['ls-files', '-z', '--others', '--modified', '--deleted', '--exclude-standard'];
    const listed = splitNul(await git.output(call(handle, state.filters, args)));
    const changes = await sortPaths(handle.worktree, listed);
    if (changes.displaced.length > 0) {
      const links = await submodules(git, call(handle, state.filters, ['ls-files', '-z', '--stage']));
      changes.displaced = changes.displaced.filter((path) => !links.has(path.toString('latin1')));
    }
    if (changes.tooLarge.length > 0) {
      const files = changes.tooLarge.slice(0, 5).map(String);
      log.warn('files too large to record were left out of the snapshot', { job_id: handle.jobId, files });
    }
    return changes;
  };

  const record = async (handle: WorkspaceHandle, state: Known): Promise<Recorded> => {
    const changes = await changesOf(handle, state);
    const leftOut = [...changes.nested, ...changes.tooLarge];
    const count = changes.gone.length + changes.present.length + changes.displaced.length;
    if (count === 0 && state.stamp !== '' && state.stamp === (await stampOf(handle))) {
      return { tree: state.tree, leftOut };
    }
    if (count > 0)
      await onCopy(handle, (file) => applyChanges(git, call(handle, state.filters, []), file, changes));
    const tree = await git.text(call(handle, state.filters, ['write-tree']));
    Object.assign(state, { tree, stamp: await stampOf(handle) });
    return { tree, leftOut };
  };

  const restore = async (handle: WorkspaceHandle, tree: string): Promise<void> => {
    const state = await remember(handle);
    // A second round removes what only the replaced .gitignore had hidden.
    for (let round = 0; round < 3; round += 1) {
      const present = await record(handle, state);
      if (present.tree === tree && present.leftOut.length === 0) return;
      for (const path of present.leftOut) {
        await rm(absolute(handle.worktree, path), { recursive: true, force: true });
      }
      await onCopy(handle, async (indexFile) => {
        await git.output({ ...call(handle, state.filters, ['read-tree', '--reset', '-u', tree]), indexFile });
      });
    }
    if ((await record(handle, state)).tree === tree) return;
    throw new Error(`the worktree of job ${handle.jobId} could not be brought back to ${tree}`);
  };

  return {
    tree: async (handle) => (await record(handle, await remember(handle))).tree,
    restore: async (handle, tree) => {
      await restore(handle, tree);
      if (await giveToOwner(handle.worktree)) known.delete(handle.worktreeGitDir);
    },
    settle: async (handle, commit) => {
      const state = await remember(handle);
      await onCopy(handle, async (indexFile) => {
        await git.output({ ...call(handle, state.filters, ['read-tree', '-m', commit]), indexFile });
      });
    },
    forget: async (worktreeGitDir) => {
      known.delete(worktreeGitDir);
      const names = await readdir(worktreeGitDir).catch(() => []);
      const stale = names.filter((name) => name.startsWith(draftPrefix) || name === 'index.lock');
      for (const name of stale) await rm(join(worktreeGitDir, name), { force: true });
    },
  };
}

const indexOf = (handle: WorkspaceHandle): string => join(handle.worktreeGitDir, 'index');

async function stampOf(handle: WorkspaceHandle): Promise<string> {
  const info = await stat(indexOf(handle), { bigint: true }).catch(() => null);
  return info === null ? '' : `${info.ino} ${info.size} ${info.mtimeNs}`;
}

/** Runs `work` on a copy of the index, which then replaces it. */
async function onCopy(handle: WorkspaceHandle, work: (indexFile: string) => Promise<void>): Promise<void> {
  const draft = join(handle.worktreeGitDir, `${draftPrefix}${randomUUID()}`);
  try {
    await copyFile(indexOf(handle), draft).catch(ignoreMissing);
    await work(draft);
    await rename(draft, indexOf(handle)).catch(ignoreMissing);
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.lock`, { force: true });
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

async function applyChanges(
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

/** Paths of the submodules in the index: folders on the disk, and rightly so. */
async function submodules(git: Git, call: GitCall): Promise<Set<string>> {
  const links = new Set<string>();
  for (const entry of splitNul(await git.output(call))) {
    if (entry.toString('latin1', 0, 6) === '160000')
      links.add(entry.toString('latin1', entry.indexOf(9) + 1));
  }
  return links;
}

import type { Result } from '../../../shared/errors.ts';

/** Where a job's work lives. Plain data, kept with the job, so that another process can go on with it. */
export interface WorkspaceHandle {
  jobId: string;
  /** Absolute path of the repository's git directory (the user's own, or the mirror of a remote one). */
  gitDir: string;
  /** Absolute path of the linked worktree's own git directory (`<gitDir>/worktrees/<name>`). */
  worktreeGitDir: string;
  /** Absolute path of the worktree in the data folder. */
  worktree: string;
  baseCommit: string;
  workBranch: string;
}

export interface RepoContext {
  /** `git ls-files`, sorted; at most 5,000. */
  files: string[];
  fileCount: number;
  /** package.json, pyproject.toml and the like; each cut at 16 KiB. */
  manifests: { path: string; text: string }[];
  /** AGENTS.md, CLAUDE.md at every level; each cut at 16 KiB. */
  instructions: { path: string; text: string }[];
  readme: string | null;
  /** Top folders with their file counts. */
  moduleMap: { path: string; files: number }[];
  /** How tests are run here, as far as the manifests tell. */
  testCommands: string[];
}

export interface DiffFile {
  path: string;
  additions: number;
  deletions: number;
}

/**
 * A disk that a job writes to has no room left. Thrown by calls of `Workspace`; each may be made again once there is
 * room. `message` is one line for a person: which disk, and what to do.
 */
export class DiskFull extends Error {
  override name = 'DiskFull';
}

/**
 * Git, without ever touching the user's checkout, index, stash or hooks: every call names the git directory and work
 * tree itself, runs no hook, and never trusts what lies in the worktree (`.git` files, nested repositories).
 */
export interface Workspace {
  /** Does the repository exist and can it be used; its branches. Clones nothing. */
  inspect(
    repo: string,
    signal: AbortSignal,
  ): Promise<Result<{ repo: string; branches: string[]; headBranch: string | null }>>;
  /** Idempotent: a second call for the job returns the same worktree and goes on from what it finds. */
  prepare(
    job: { jobId: string; repo: string; baseBranch: string; workBranch: string },
    onProgress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Result<WorkspaceHandle>>;
  collectContext(handle: WorkspaceHandle, signal: AbortSignal): Promise<RepoContext>;
  /** Git tree id of the worktree as it is now, untracked files included, ignored ones not. */
  tree(handle: WorkspaceHandle): Promise<string>;
  /**
   * Makes the worktree equal to `tree`: files not in it are removed, ignored ones stay unless they are to go too. Works
   * on a full disk where what is removed makes room.
   */
  restore(handle: WorkspaceHandle, tree: string, options?: { ignoredToo: boolean }): Promise<void>;
  /** Throws `DiskFull` when the disk of the worktree or that of the repository is nearly full. */
  ensureRoom(handle: WorkspaceHandle): Promise<void>;
  /** Commits the worktree to `refs/dev-crew/<job>/<number>`; idempotent for an equal tree. */
  snapshot(
    handle: WorkspaceHandle,
    number: number,
    message: string,
  ): Promise<{ ref: string; commit: string; tree: string }>;
  /** Plain files of a commit in a folder of their own, for verification; no `.git` inside. Returns the path. */
  exportCommit(handle: WorkspaceHandle, commit: string, name: string): Promise<string>;
  removeExport(path: string): Promise<void>;
  /**
   * Commits `tree` on the work branch on top of the base commit as the user's own git identity with the trailer
   * `Dev-Crew-Job: <id>`. A second call with the same tree returns the commit of the first. Null when nothing changed.
   */
  commit(handle: WorkspaceHandle, tree: string, message: string): Promise<Result<{ commit: string } | null>>;
  /** Unified diff from the base commit to a commit, or to the worktree's present tree. */
  diff(
    handle: WorkspaceHandle,
    to: string | null,
    maxBytes: number,
  ): Promise<{ diff: string; truncated: boolean; files: DiffFile[] }>;
  /** Removes the worktree and its registration; the branch and the snapshots stay. Idempotent. */
  close(handle: WorkspaceHandle): Promise<void>;
  /** The same for a job that ended before its handle was kept, so that `prepare` may have got anywhere. Idempotent. */
  abandon(job: { jobId: string; repo: string }): Promise<void>;
}

export type FileError = { message: string };

/** File tools of an agent. Paths are relative to the worktree; `..`, absolute paths, symlinks out and `.git` are refused. */
export interface WorktreeFiles {
  list(path: string, limit: number): Promise<Result<{ files: string[]; truncated: boolean }, FileError>>;
  /** Lines `from`..`to`, 1-based and inclusive; binary files are refused. */
  read(
    path: string,
    from?: number,
    to?: number,
  ): Promise<Result<{ text: string; totalLines: number }, FileError>>;
  readWhole(path: string): Promise<Result<string, FileError>>;
  write(path: string, text: string): Promise<Result<{ created: boolean }, FileError>>;
  remove(path: string): Promise<Result<null, FileError>>;
  /** Regular expression (RE2-like subset: run with a time limit) over text files; `path:line: text`. */
  search(
    pattern: string,
    path: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<{ matches: string[]; truncated: boolean }, FileError>>;
}
export type OpenWorktreeFiles = (worktree: string) => WorktreeFiles;

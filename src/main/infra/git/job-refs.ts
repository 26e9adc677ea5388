import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput, shown, unavailable } from './errors.ts';
import type { Git } from './git.ts';

/** Hidden references of a job; they keep its objects from being collected. */
export const jobRefs = (jobId: string): string => `refs/dev-crew/${jobId}/`;
const baseRef = (jobId: string): string => `${jobRefs(jobId)}base`;
const zero = (commit: string): string => '0'.repeat(commit.length);

/** Rejects what cannot be part of a reference and of a folder name; job ids are made by us. */
export function assertJobId(jobId: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(jobId)) throw new Error(`not a job id: ${shown(jobId)}`);
}

export async function readRef(git: Git, gitDir: string, ref: string): Promise<string | null> {
  const outcome = await git.run({
    args: ['show-ref', '--verify', '--hash', '--', ref],
    cwd: gitDir,
    gitDir,
  });
  return outcome.exitCode === 0 ? outcome.stdout.toString('utf8').trim() : null;
}

/** Base commit that an earlier `prepare` of this job settled on; null before the first. */
export const readBase = (git: Git, gitDir: string, jobId: string): Promise<string | null> =>
  readRef(git, gitDir, baseRef(jobId));

/**
 * Creates the job's work branch at `baseCommit`, once. The hidden base reference is written first, and only while no
 * such branch exists: from then on the branch of that name is this job's, however often we are killed. A branch that
 * was there before throws a `WorkspaceError`.
 */
export async function claimWorkBranch(
  git: Git,
  gitDir: string,
  job: { jobId: string; workBranch: string },
  baseCommit: string,
): Promise<void> {
  const branch = `refs/heads/${job.workBranch}`;
  const existing = await readRef(git, gitDir, branch);
  const claimed = await readBase(git, gitDir, job.jobId);
  if (existing !== null && claimed === null) {
    throw invalidInput(
      `The branch ${shown(job.workBranch)} exists already and is not this job's. Rename or delete it, then retry the job.`,
    );
  }
  if (existing === null || claimed === null) await checkWritable(gitDir);
  if (claimed === null) await createRef(git, gitDir, baseRef(job.jobId), baseCommit);
  if (existing === null) await createBranch(git, gitDir, job.workBranch, baseCommit);
}

async function checkWritable(gitDir: string): Promise<void> {
  try {
    for (const folder of ['', 'refs', 'objects']) await access(join(gitDir, folder), constants.W_OK);
  } catch {
    throw invalidInput(
      `The repository at ${shown(gitDir)} cannot be written to. A job keeps its branch there: give yourself permission to it, or use a clone.`,
    );
  }
}

async function createRef(git: Git, gitDir: string, ref: string, commit: string): Promise<void> {
  const args = ['update-ref', '--no-deref', '-m', 'dev-crew: start job', ref, commit, zero(commit)];
  const outcome = await git.run({ args, cwd: gitDir, gitDir });
  if (outcome.exitCode === 0) return;
  const told = outcome.stderr.trim().split('\n')[0] ?? '';
  throw unavailable(`git cannot write to ${shown(gitDir)}: ${told.slice(0, 300)}`);
}

async function createBranch(git: Git, gitDir: string, name: string, commit: string): Promise<void> {
  const ref = `refs/heads/${name}`;
  const args = ['update-ref', '--no-deref', '-m', 'dev-crew: start job', ref, commit, zero(commit)];
  const outcome = await git.run({ args, cwd: gitDir, gitDir });
  if (outcome.exitCode === 0) return;
  const blocking = name.split('/')[0] ?? name;
  if ((await readRef(git, gitDir, `refs/heads/${blocking}`)) !== null) {
    throw invalidInput(
      `The branch ${shown(blocking)} is in the way of ${shown(name)}. Rename it (git branch -m ${blocking} <new name>), then retry the job.`,
    );
  }
  const told = outcome.stderr.trim().split('\n')[0] ?? '';
  throw invalidInput(`git cannot create the branch ${shown(name)}: ${told.slice(0, 300)}`);
}

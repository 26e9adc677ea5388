import { type Result, fail, ok } from '../../../shared/errors.ts';
import type { WorkspaceHandle } from '../../app/ports/workspace.ts';
import { shown } from './errors.ts';
import type { Git } from './git.ts';
import { type Identity, fallbackIdentity, userIdentity } from './identity.ts';
import { jobRefs, readRef } from './job-refs.ts';

const trailer = 'Dev-Crew-Job';

interface CommitFacts {
  commit: string;
  tree: string;
  parents: string;
  message: string;
}

/** Tree, parents and message of a commit. */
async function factsOf(git: Git, gitDir: string, commit: string): Promise<CommitFacts> {
  const raw = await git.text({ args: ['cat-file', 'commit', commit], cwd: gitDir, gitDir });
  const end = raw.indexOf('\n\n');
  const lines = raw.slice(0, end).split('\n');
  const values = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    commit,
    tree: values('tree').join(),
    parents: values('parent').join(),
    message: raw.slice(end + 2),
  };
}

async function writeCommit(
  git: Git,
  gitDir: string,
  content: { tree: string; parent: string; message: string; identity: Identity },
): Promise<string> {
  return git.text({
    args: ['commit-tree', '--no-gpg-sign', '-p', content.parent, '-F', '-', content.tree],
    cwd: gitDir,
    gitDir,
    variables: content.identity,
    input: Buffer.from(content.message),
  });
}

async function moveRef(
  git: Git,
  gitDir: string,
  ref: string,
  to: string,
  from: string | null,
): Promise<boolean> {
  const old = from ?? '0'.repeat(to.length);
  const outcome = await git.run({
    args: ['update-ref', '--no-deref', '-m', 'dev-crew: commit job', ref, to, old],
    cwd: gitDir,
    gitDir,
  });
  return outcome.exitCode === 0;
}

/**
 * Keeps `tree` as snapshot `number` of the job, on top of the one before. A snapshot that is there with the same tree
 * is returned as it is; one with another tree (the step was done again after a crash) is replaced.
 */
export async function writeSnapshot(
  git: Git,
  handle: WorkspaceHandle,
  number: number,
  tree: string,
  message: string,
): Promise<{ ref: string; commit: string; tree: string }> {
  const ref = `${jobRefs(handle.jobId)}${number}`;
  const before = await readRef(git, handle.gitDir, ref);
  if (before !== null && (await factsOf(git, handle.gitDir, before)).tree === tree) {
    return { ref, commit: before, tree };
  }
  const parent =
    (await readRef(git, handle.gitDir, `${jobRefs(handle.jobId)}${number - 1}`)) ?? handle.baseCommit;
  const text = withTrailer(message, `Snapshot ${number}`, handle.jobId);
  const content = { tree, parent, message: text, identity: fallbackIdentity };
  const commit = await writeCommit(git, handle.gitDir, content);
  if (await moveRef(git, handle.gitDir, ref, commit, before)) return { ref, commit, tree };
  throw new Error(`${ref} was changed by somebody else`);
}

/**
 * Puts `tree` on the work branch as one commit on top of the base commit, in place of an earlier one of this job.
 * Null, and the branch at its base, when nothing differs from it. A branch that somebody else has moved is a conflict.
 */
export async function commitToBranch(
  git: Git,
  handle: WorkspaceHandle,
  tree: string,
  message: string,
): Promise<Result<{ commit: string } | null>> {
  const ref = `refs/heads/${handle.workBranch}`;
  const tip = await readRef(git, handle.gitDir, ref);
  if (tip === null) return fail('conflict', `The branch ${shown(handle.workBranch)} is gone. Retry the job.`);
  const facts = await factsOf(git, handle.gitDir, tip);
  if (tip !== handle.baseCommit && !isOurs(facts, handle)) return conflict(handle);
  const base = await factsOf(git, handle.gitDir, handle.baseCommit);
  if (base.tree === tree) {
    const moved = tip === base.commit || (await moveRef(git, handle.gitDir, ref, base.commit, tip));
    return moved ? ok(null) : conflict(handle);
  }
  if (tip !== handle.baseCommit && facts.tree === tree) return ok({ commit: tip });
  const commit = await writeCommit(git, handle.gitDir, {
    tree,
    parent: handle.baseCommit,
    message: withTrailer(message, 'Changes by Dev Crew', handle.jobId),
    identity: await userIdentity(git, handle.gitDir),
  });
  return (await moveRef(git, handle.gitDir, ref, commit, tip)) ? ok({ commit }) : conflict(handle);
}

const isOurs = (facts: CommitFacts, handle: WorkspaceHandle): boolean =>
  facts.parents === handle.baseCommit && facts.message.trimEnd().endsWith(`\n${trailer}: ${handle.jobId}`);

const conflict = (handle: WorkspaceHandle): Result<never> =>
  fail(
    'conflict',
    `The branch ${shown(handle.workBranch)} was changed by somebody else. Rename it to keep those commits, then retry the job.`,
  );

/** A message git takes as it is: no control characters, no trailer of ours but the last line. */
function withTrailer(message: string, fallback: string, jobId: string): string {
  const lines = message
    .replaceAll('\r\n', '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !line.toLowerCase().startsWith(`${trailer.toLowerCase()}:`));
  const body = lines.join('\n').trim();
  return `${body === '' ? fallback : body}\n\n${trailer}: ${jobId}\n`;
}

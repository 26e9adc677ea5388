import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitMissing, remoteFailure } from './errors.ts';
import type { Git } from './git.ts';

const listMs = 60_000;
const fetchMs = 60 * 60_000;
const maxListBytes = 64 * 1024 * 1024;
/** A lock file of git that is older than this was left by a git that was killed: ours hold one for milliseconds. */
const staleLockMs = 60_000;

/** Where the branches of the remote are in a mirror; `refs/heads/` there is for the work branches of jobs. */
export const mirroredBranches = 'refs/remotes/origin/';

export const mirrorName = (url: string): string =>
  createHash('sha256').update(url).digest('hex').slice(0, 40);

/** Branches of a remote repository and the one its HEAD names, without cloning. Throws `WorkspaceError`. */
export async function listRemote(
  git: Git,
  url: string,
  cwd: string,
  signal: AbortSignal,
): Promise<{ branches: string[]; headBranch: string | null }> {
  const outcome = await git.run({
    args: ['ls-remote', '--quiet', '--symref', '--end-of-options', url, 'HEAD', 'refs/heads/*'],
    cwd,
    network: true,
    variables: { GIT_LITERAL_PATHSPECS: '0', GIT_CEILING_DIRECTORIES: dirname(cwd) },
    timeoutMs: listMs,
    maxBytes: maxListBytes,
    signal,
  });
  if (outcome.exitCode !== 0) throw remoteFailure(url, outcome);
  const lines = outcome.stdout.toString('utf8').split('\n');
  const branches = lines
    .map((line) => /^[0-9a-f]+\trefs\/heads\/(.+)$/.exec(line)?.[1])
    .filter((name): name is string => name !== undefined);
  const head = lines.map((line) => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1]).find(Boolean);
  return { branches, headBranch: head ?? null };
}

/**
 * A bare repository at `path` with the present branches of `url` under `mirroredBranches`. The caller holds the lock
 * of the mirror. Safe to repeat after being killed: the repository appears by rename, and a fetch that did not end
 * leaves no reference behind. Throws `WorkspaceError`.
 */
export async function fetchMirror(
  git: Git,
  url: string,
  path: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await ensureBareRepo(git, path, signal);
  await removeLeftovers(path);
  const outcome = await git.run({
    args: [
      'fetch',
      '--progress',
      '--prune',
      '--no-tags',
      '--force',
      '--no-auto-maintenance',
      '--no-write-fetch-head',
      '--end-of-options',
      url,
      `+refs/heads/*:${mirroredBranches}*`,
    ],
    cwd: path,
    gitDir: path,
    network: true,
    variables: { GIT_LITERAL_PATHSPECS: '0' },
    timeoutMs: fetchMs,
    onStderr: wholeLines(onProgress),
    signal,
  });
  if (outcome.exitCode !== 0) throw remoteFailure(url, outcome);
}

async function ensureBareRepo(git: Git, path: string, signal: AbortSignal): Promise<void> {
  if (await exists(path)) {
    const check = await git.run({
      args: ['rev-parse', '--is-bare-repository'],
      cwd: path,
      gitDir: path,
      signal,
    });
    if (check.missing) throw gitMissing();
    if (check.exitCode === 0 && check.stdout.toString('utf8').trim() === 'true') return;
    // Kept, not removed: branches of finished jobs may be in it.
    await rename(path, `${path}.broken-${randomUUID()}`);
  }
  const draft = `${path}.new-${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await git.output({ args: ['init', '--quiet', '--bare', '--template='], cwd: draft, gitDir: draft, signal });
  await rename(draft, path);
}

/** What a killed fetch leaves: half packs, and lock files that would make every later fetch fail. */
async function removeLeftovers(path: string): Promise<void> {
  const packs = join(path, 'objects', 'pack');
  for (const name of await readdir(packs).catch(() => [])) {
    if (name.startsWith('tmp_')) await rm(join(packs, name), { force: true });
  }
  const refs = await readdir(join(path, 'refs', 'remotes'), { recursive: true }).catch(() => []);
  for (const name of refs) {
    // Only fetches write there, and the caller holds the lock against another one.
    if (name.endsWith('.lock')) await rm(join(path, 'refs', 'remotes', name), { force: true });
  }
  for (const lock of [join(path, 'packed-refs.lock'), join(path, 'shallow.lock')]) {
    const age = await stat(lock).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    );
    if (age > staleLockMs) await rm(lock, { force: true });
  }
}

/** Turns git's progress (rewritten with carriage returns) into lines: one for each tenth of a phase. */
export function wholeLines(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  let last = '';
  return (text) => {
    const parts = (rest + text).split(/[\r\n]/);
    rest = (parts.pop() ?? '').slice(-4096);
    for (const part of parts) {
      const line = part.replace(/^remote: /, '').trimEnd();
      const phase = /^(.*?):\s+(\d+)%/.exec(line);
      const step = phase ? `${phase[1] ?? ''}:${Math.floor(Number(phase[2]) / 10)}` : line;
      if (line !== '' && step !== last) onLine(line);
      last = step;
    }
  };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

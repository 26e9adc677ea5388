import { tmpdir } from 'node:os';
import { gitMissing, unavailable } from './errors.ts';
import type { Git } from './git.ts';

/** The first version that takes settings from the environment; an older one would ignore ours and run hooks. */
const oldest = [2, 31] as const;

/** A check that is made until it succeeds once. Throws a `WorkspaceError`. */
export function createGitCheck(git: Git): () => Promise<void> {
  let passed = false;
  return async () => {
    if (passed) return;
    const outcome = await git.run({ args: ['--version'], cwd: tmpdir() });
    if (outcome.missing) throw gitMissing();
    const version = outcome.stdout.toString('utf8').trim();
    if (!isRecent(version)) {
      throw unavailable(`${version || 'git'} is too old: Dev Crew needs ${oldest.join('.')} or later.`);
    }
    passed = true;
  };
}

/** Reads the output of `git --version`. */
export function isRecent(version: string): boolean {
  const parts = /^git version (\d+)\.(\d+)/.exec(version);
  if (!parts) return false;
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

import type { Git } from './git.ts';

/** Variables that make git commit as somebody. */
export type Identity = Record<
  'GIT_AUTHOR_NAME' | 'GIT_AUTHOR_EMAIL' | 'GIT_COMMITTER_NAME' | 'GIT_COMMITTER_EMAIL',
  string
>;

/** Of hidden snapshots, and of commits where the user has configured no identity. */
export const fallbackIdentity: Identity = {
  GIT_AUTHOR_NAME: 'Dev Crew',
  GIT_AUTHOR_EMAIL: 'dev-crew@localhost',
  GIT_COMMITTER_NAME: 'Dev Crew',
  GIT_COMMITTER_EMAIL: 'dev-crew@localhost',
};

/**
 * Who the user is in this repository, as git itself would say (config of the repository, includes, environment), but
 * never guessed from the machine's and the account's name.
 */
export async function userIdentity(git: Git, gitDir: string): Promise<Identity> {
  const author = await ident(git, gitDir, 'GIT_AUTHOR_IDENT');
  if (author === null) return fallbackIdentity;
  const committer = (await ident(git, gitDir, 'GIT_COMMITTER_IDENT')) ?? author;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
  };
}

async function ident(
  git: Git,
  gitDir: string,
  variable: string,
): Promise<{ name: string; email: string } | null> {
  const outcome = await git.run({
    args: ['var', variable],
    cwd: gitDir,
    gitDir,
    config: [['user.useConfigOnly', 'true']],
  });
  if (outcome.exitCode !== 0) return null;
  const parts = /^(.+) <(.+)> \d+ [+-]\d{4}\s*$/s.exec(outcome.stdout.toString('utf8'));
  return parts?.[1] !== undefined && parts[2] !== undefined ? { name: parts[1], email: parts[2] } : null;
}

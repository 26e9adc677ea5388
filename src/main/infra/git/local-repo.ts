import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type WorkspaceError, commonFailure, invalidInput, shown, unavailable } from './errors.ts';
import type { Git, GitOutcome } from './git.ts';

const lookMs = 30_000;

export interface LocalRepo {
  /** Real path of the top folder of the user's checkout. */
  path: string;
  /** Real path of the repository's common git directory. */
  gitDir: string;
}

/**
 * The repository whose top folder is `path` (absolute). Throws a `WorkspaceError` that says what is wrong and what to
 * do. This is the only place where git discovers a repository, and it does so in a folder that the user named; git's
 * own check of who owns it applies.
 */
export async function openLocalRepo(git: Git, path: string, signal?: AbortSignal): Promise<LocalRepo> {
  const real = await realFolder(path);
  const found = await git.run({
    args: ['rev-parse', '--is-bare-repository', '--is-inside-git-dir', '--show-prefix'],
    cwd: real,
    variables: { GIT_CEILING_DIRECTORIES: dirname(real) },
    timeoutMs: lookMs,
    signal,
  });
  const [bare, insideGitDir] = found.stdout.toString('utf8').split('\n');
  if (bare === 'true') {
    throw invalidInput(
      `${shown(real)} is a bare repository. Name a checkout of it, or give it as an address: file://${real}`,
    );
  }
  if (insideGitDir === 'true') {
    throw invalidInput(
      `${shown(real)} is git's own folder. Name the folder above it: ${shown(dirname(real))}.`,
    );
  }
  if (found.exitCode !== 0) throw await whyNot(git, real, found, signal);
  const common = await git.text({
    args: ['rev-parse', '--path-format=absolute', '--git-common-dir'],
    cwd: real,
    timeoutMs: lookMs,
    signal,
  });
  return { path: real, gitDir: await realpath(common) };
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    const info = await stat(real);
    if (!info.isDirectory()) {
      throw invalidInput(`${shown(path)} is a file, not a folder. Name the repository's top folder.`);
    }
    await access(real, constants.R_OK | constants.X_OK);
    return real;
  } catch (error) {
    throw pathError(path, error);
  }
}

function pathError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return invalidInput(`${shown(path)} does not exist. Check the path, or give a git URL or owner/name.`);
    case 'ENOTDIR':
      return invalidInput(`${shown(path)} goes through a file, not a folder. Check the path.`);
    case 'EACCES':
    case 'EPERM':
      return invalidInput(
        `${shown(path)} cannot be read. Give yourself permission to it, or choose another folder.`,
      );
    case 'ELOOP':
      return invalidInput(`${shown(path)} is a symlink that leads to itself.`);
    case 'ENAMETOOLONG':
      return invalidInput('The path of the repository is too long.');
    default:
      return error;
  }
}

async function whyNot(
  git: Git,
  real: string,
  outcome: GitOutcome,
  signal: AbortSignal | undefined,
): Promise<WorkspaceError> {
  const common = commonFailure(outcome);
  if (common) return common;
  if (/dubious ownership/.test(outcome.stderr)) {
    return invalidInput(
      `${shown(real)} belongs to another user. If you trust it: git config --global --add safe.directory ${shown(real)}`,
    );
  }
  if (!/not a git repository/i.test(outcome.stderr)) {
    const told = outcome.stderr.trim().split('\n')[0] ?? '';
    return unavailable(`git cannot read ${shown(real)}: ${told.slice(0, 300)}`);
  }
  const above = await git.run({
    args: ['rev-parse', '--show-toplevel'],
    cwd: real,
    timeoutMs: lookMs,
    signal,
  });
  const top = above.stdout.toString('utf8').replace(/\n$/, '');
  if (above.exitCode === 0 && top !== '') {
    return invalidInput(
      `${shown(real)} is a folder inside a repository. Name the repository: ${shown(top)}.`,
    );
  }
  return invalidInput(
    `${shown(real)} is not a git repository. Make it one with \`git init\` and a first commit, or choose another folder${
      basename(real) === '' ? '' : '.'
    }`,
  );
}

/** Names of the branches under `prefix` (`refs/heads/`), sorted as git does, those of earlier jobs last. */
export async function listBranches(
  git: Git,
  gitDir: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const out = await git.text({
    args: ['for-each-ref', '--format=%(refname)', prefix],
    cwd: gitDir,
    gitDir,
    timeoutMs: lookMs,
    signal,
  });
  const names = out
    .split('\n')
    .filter((ref) => ref !== '' && ref !== `${prefix}HEAD`)
    .map((ref) => ref.slice(prefix.length));
  const isOurs = (name: string): boolean => workBranch.test(name);
  return [...names.filter((name) => !isOurs(name)), ...names.filter(isOurs)];
}

/** Branches of earlier jobs: there can be many, and few start from one. */
const workBranch = /^crew\/[0-9a-f]{8}$/;

/** Branch that the checkout is on; null when detached. An unborn branch is named too. */
export async function headBranch(git: Git, repo: LocalRepo, signal?: AbortSignal): Promise<string | null> {
  const outcome = await git.run({
    args: ['symbolic-ref', '--quiet', 'HEAD'],
    cwd: repo.path,
    timeoutMs: lookMs,
    signal,
  });
  const ref = outcome.stdout.toString('utf8').trim();
  return outcome.exitCode === 0 && ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/**
 * Commit of `<prefix><branch>`, exactly that reference and no expression. Throws a `WorkspaceError` that names the
 * branches there are.
 */
export async function resolveBranch(
  git: Git,
  gitDir: string,
  prefix: string,
  branch: string,
  signal?: AbortSignal,
): Promise<string> {
  if (branch === '' || /[\p{Cc}\s~^:?*[\\]/u.test(branch)) {
    throw invalidInput(`${shown(branch)} cannot be the name of a branch.`);
  }
  const found = await git.run({
    args: ['show-ref', '--verify', '--hash', '--', `${prefix}${branch}`],
    cwd: gitDir,
    gitDir,
    timeoutMs: lookMs,
    signal,
  });
  if (found.exitCode === 0) return found.stdout.toString('utf8').trim();
  const branches = await listBranches(git, gitDir, prefix, signal);
  if (branches.length === 0) {
    throw invalidInput('The repository has no commits yet. Make a first commit and try again.');
  }
  const some = branches.slice(0, 20).join(', ');
  const more = branches.length > 20 ? ` and ${branches.length - 20} more` : '';
  throw invalidInput(`There is no branch ${shown(branch)}. Branches: ${some}${more}.`);
}

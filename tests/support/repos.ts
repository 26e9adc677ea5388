import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Environment of git in tests: nothing of the machine's or the account's configuration counts. */
export const gitTestEnv: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/** Files by relative path; text or bytes. */
export type FileSet = Record<string, string | Uint8Array>;

/** A real git repository on disk, for tests. `git` runs in it and returns standard output without the last newline. */
export interface TestRepo {
  path: string;
  git(...args: string[]): Promise<string>;
  write(files: FileSet): Promise<void>;
  /** Writes the files, adds everything and commits; returns the commit id. */
  commit(message: string, files?: FileSet): Promise<string>;
}

/** A folder of its own, with symlinks in its path resolved. Remove it with `removeTempFolder`. */
export async function makeTempFolder(prefix = 'dev-crew-test-'): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), prefix)));
}

export async function removeTempFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Runs git in `cwd` and returns its standard output without the last newline. */
export async function gitIn(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: gitTestEnv, maxBuffer: 64 * 1024 * 1024 });
  return stdout.replace(/\n$/, '');
}

/**
 * A repository at `path` on `branch` with the user "Test User <test@example.com>" in its own config; with `files`, it
 * has one commit that holds them.
 */
export async function makeRepo(path: string, files?: FileSet, branch = 'main'): Promise<TestRepo> {
  await mkdir(path, { recursive: true });
  const repo: TestRepo = {
    path,
    git: (...args) => gitIn(path, ...args),
    write: (set) => writeFiles(path, set),
    commit: async (message, set = {}) => {
      await writeFiles(path, set);
      await gitIn(path, 'add', '--all');
      await gitIn(path, 'commit', '--quiet', '--allow-empty', '--no-verify', '-m', message);
      return gitIn(path, 'rev-parse', 'HEAD');
    },
  };
  await repo.git('init', '--quiet', '--template=', `--initial-branch=${branch}`);
  await repo.git('config', 'user.name', 'Test User');
  await repo.git('config', 'user.email', 'test@example.com');
  if (files) await repo.commit('First commit', files);
  return repo;
}

/** A bare repository at `path` with the branches of `source`, to stand for a remote one. */
export async function makeBareRepo(path: string, source: TestRepo): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await gitIn(source.path, 'clone', '--quiet', '--bare', '--no-local', source.path, path);
}

async function writeFiles(root: string, files: FileSet): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lchown, lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Workspace, WorkspaceHandle } from '../../../src/main/app/ports/workspace.ts';
import { type GitWorkspaceOptions, createGitWorkspace } from '../../../src/main/infra/git/git-workspace.ts';
import {
  type FileSet,
  type TestRepo,
  gitTestEnv,
  makeRepo,
  makeTempFolder,
  removeTempFolder,
} from '../../support/repos.ts';
import type { ChildCall } from './workspace-child.ts';

export const silentLog = { info() {}, warn() {}, error() {} };
export const never = new AbortController().signal;
export const jobOf = (
  repo: string,
  jobId = '0a1b2c3d-0000-4000-8000-000000000001',
): { jobId: string; repo: string; baseBranch: string; workBranch: string } => ({
  jobId,
  repo,
  baseBranch: 'main',
  workBranch: `crew/${jobId.slice(0, 8)}`,
});

/** A temporary folder with a workspace in `data`; removed when the test ends. */
export async function setUp(options: Partial<GitWorkspaceOptions> = {}): Promise<{
  folder: string;
  dataFolder: string;
  workspace: Workspace;
}> {
  const folder = await makeTempFolder();
  onTestFinished(() => removeTempFolder(folder));
  const dataFolder = join(folder, 'data');
  const workspace = createGitWorkspace({
    dataFolder,
    workspaceRoot: folder,
    env: gitTestEnv,
    log: silentLog,
    ...options,
  });
  return { folder, dataFolder, workspace };
}

/** The same with a repository that has one commit, and a job prepared on it. */
export async function setUpJob(
  files: FileSet = { 'a.txt': 'a\n', 'src/b.txt': 'b\n' },
  options: Partial<GitWorkspaceOptions> = {},
): Promise<{
  folder: string;
  dataFolder: string;
  workspace: Workspace;
  repo: TestRepo;
  handle: WorkspaceHandle;
}> {
  const place = await setUp(options);
  const repo = await makeRepo(join(place.folder, 'repo'), files);
  return { ...place, repo, handle: await prepared(place.workspace, jobOf(repo.path)) };
}

export async function prepared(
  workspace: Workspace,
  job: Parameters<Workspace['prepare']>[0],
): Promise<WorkspaceHandle> {
  const result = await workspace.prepare(job, () => undefined, never);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Paths of a tree, as git lists them. */
export async function pathsOf(repo: TestRepo, tree: string): Promise<string[]> {
  const out = await repo.git('ls-tree', '-r', '-z', '--name-only', tree);
  return out.split('\0').filter((path) => path !== '');
}

/** Everything below a folder by relative path: kind, mode and a hash of the content. */
export async function fingerprint(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (skip(name)) continue;
    const info = await lstat(join(folder, name));
    if (info.isDirectory()) continue;
    const content = info.isSymbolicLink()
      ? await readlink(join(folder, name))
      : await readFile(join(folder, name));
    found[name] = `${info.mode.toString(8)} ${createHash('sha256').update(content).digest('hex')}`;
  }
  return found;
}

export const asRoot = process.getuid?.() === 0;
export const nobody = 65_534;

export async function chownAll(folder: string, uid: number): Promise<void> {
  for (const name of ['', ...(await readdir(folder, { recursive: true }))]) {
    await lchown(join(folder, name), uid, uid);
  }
}

/** Runs one call of a workspace in a process of its own; `{signal}` when that was killed. */
export function inChild(
  call: ChildCall,
  options: { uid?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<unknown> {
  const script = fileURLToPath(new URL('./workspace-child.ts', import.meta.url));
  const env = { ...gitTestEnv, ...options.env };
  return new Promise((resolve, reject) => {
    const args = ['--no-warnings', script, JSON.stringify(call)];
    execFile(process.execPath, args, { env, uid: options.uid, gid: options.uid }, (error, stdout, stderr) => {
      if (error?.signal) resolve({ signal: error.signal });
      else if (error) reject(new Error(`the child failed: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
  });
}

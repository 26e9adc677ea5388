/**
 * A workspace and its repository on a small disk of their own (`node full-disk.ts FOLDER`): says what each call comes to
 * while the disk is full, and after there is room again.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createGitWorkspace } from '../../../src/main/infra/git/git-workspace.ts';
import { fillDisk } from '../../support/fill-disk.ts';
import { gitTestEnv, makeRepo } from '../../support/repos.ts';

const [folder = ''] = process.argv.slice(2);
const never = new AbortController().signal;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n', '.gitignore': '*.cache\n' });
const workspace = createGitWorkspace({ dataFolder: join(folder, 'data'), env: gitTestEnv, log });
const jobOf = (jobId: string) => ({
  jobId,
  repo: repo.path,
  baseBranch: 'main',
  workBranch: `crew/${jobId}`,
});
const prepared = await workspace.prepare(jobOf('11111111'), () => undefined, never);
if (!prepared.ok) throw new Error(prepared.error.message);
const handle = prepared.value;
const base = await workspace.tree(handle);
const at = (name: string): string => join(handle.worktree, name);

const failureOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (value) => `no failure: ${JSON.stringify(value)}`,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );

writeFileSync(at('a.txt'), 'changed\n');
writeFileSync(at('big.bin'), randomBytes(3_000_000));
writeFileSync(at('kept.cache'), randomBytes(100_000));
const filled = fillDisk(folder);
const failures = [
  await failureOf(workspace.tree(handle)),
  await failureOf(workspace.snapshot(handle, 1, 'full')),
  await failureOf(workspace.ensureRoom(handle)),
  await failureOf(workspace.prepare(jobOf('22222222'), () => undefined, never)),
];
await workspace.restore(handle, base);
const restored = {
  text: readFileSync(at('a.txt'), 'utf8'),
  big: existsSync(at('big.bin')),
  cache: existsSync(at('kept.cache')),
};
await workspace.restore(handle, base, { ignoredToo: true });
filled.makeRoom();
await workspace.ensureRoom(handle);
const again = await workspace.prepare(jobOf('22222222'), () => undefined, never);
writeSync(
  1,
  JSON.stringify({
    failures,
    restored,
    cache: existsSync(at('kept.cache')),
    whole: (await workspace.tree(handle)) === base,
    again: again.ok,
    fsck: await repo.git('fsck', '--strict', '--no-dangling'),
  }),
);

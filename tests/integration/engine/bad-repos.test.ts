import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeBareRepo, makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { failureOf, isWaiting, refusal, smallFiles, smallScript } from './bad-support.ts';

let folder: string;
let model: ModelServer;
let engine: TestEngine;
const at = (name: string): string => join(folder, name);
const job = (repo: string, more: Record<string, unknown> = {}) => ({
  goal: 'Mend the answer',
  repo,
  mode: 'plan_only' as const,
  specialists: 'auto' as const,
  ...more,
});
const create = async (repo: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await engine.call('jobs.create', job(repo, more))).job_id;

beforeAll(async () => {
  folder = await makeTempFolder();
  const good = await makeRepo(at('good'), smallFiles);
  await makeRepo(at('unborn'));
  await makeBareRepo(at('bare.git'), good);
  await mkdir(at('plain/inner'), { recursive: true });
  await mkdir(at('good/inside'));
  await writeFile(at('file'), 'text');
  await symlink(at('good'), at('link'));
  await symlink(at('loop'), at('loop'));
  model = await startModelServer(smallScript());
  engine = await startEngine({ dataFolder: at('data'), env: { DEV_CREW_OLLAMA_BASE_URL: model.url } });
});
afterAll(async () => {
  await engine.stop();
  await model.close();
  await removeTempFolder(folder);
});

describe('a repository that cannot be used', () => {
  const marker = (): string => at('run-by-git');
  const cases: [string, () => string, RegExp][] = [
    ['does not exist', () => at('nowhere'), /nowhere" does not exist\. Check the path/],
    ['is not a repository', () => at('plain'), /not a git repository\. Make it one with `git init`/],
    ['is a file', () => at('file'), /is a file, not a folder\. Name the repository's top folder/],
    ['is below a file', () => at('file/x'), /goes through a file.*Check the path/],
    [
      'is a folder inside one',
      () => at('good/inside'),
      /inside a repository\. Name the repository: ".*good"/,
    ],
    ['is bare', () => at('bare.git'), /is a bare repository\. Name a checkout of it, or .*file:\/\//],
    ["is git's own folder", () => at('good/.git'), /git's own folder\. Name the folder above it/],
    ['has no commits', () => at('unborn'), /has no commits yet\. Make a first commit/],
    ['is a symlink to itself', () => at('loop'), /symlink that leads to itself/],
    ['has a name that is too long', () => at('x'.repeat(300)), /path of the repository is too long/],
    ['is blank', () => '  \t ', /No repository given\. Use a local folder, https:\/\//],
    ['is an option of git', () => `--upload-pack=touch ${marker()}`, /cannot start with "-"\. Use/],
    ['is a short option', () => '-x', /cannot start with "-"/],
    [
      'is a remote helper',
      () => `ext::sh -c "touch% ${marker()}"`,
      /remote helpers \("ext::"\) are not allowed/,
    ],
    ['is an ssh option', () => `ssh://-oProxyCommand=touch${marker()}/x`, /no proper host or user/],
    ['is of another protocol', () => 'ftp://127.0.0.1/x.git', /"ftp:\/\/" are not supported\. Use/],
    ['is not encrypted', () => 'http://git.invalid/x.git', /not encrypted\. Use https:\/\/ or ssh/],
    ['is a URL without a server', () => 'http://127.0.0.1:9/x.git', /cannot be reached: .*Check the network/],
    [
      'is a URL of a missing folder',
      () => `file://${at('nowhere')}`,
      /no git repository at .*Check the address/,
    ],
  ];
  it.each(cases)('%s: the job fails with one line that says what to do', async (_, repo, message) => {
    const failure = await failureOf(engine, await create(repo()));
    expect(failure).toMatch(message);
    expect(failure).not.toMatch(/\n|internal error/);
    expect(existsSync(marker())).toBe(false);
  });

  it.each([
    ['nope', /no branch "nope"\. Branches: main/],
    ['--upload-pack=x', /no branch "--upload-pack=x"/],
    ['main~0', /cannot be the name of a branch/],
    ['main:check.sh', /cannot be the name of a branch/],
    ['../../HEAD', /no branch|cannot be/],
    ['b'.repeat(255), /no branch "b+"/],
  ])('has no branch %s: the job fails with the branches there are', async (branch, message) => {
    expect(await failureOf(engine, await create(at('good'), { base_branch: branch }))).toMatch(message);
  });

  it.each([
    ['repo', '', /repo/],
    ['repo', 'x'.repeat(4097), /repo/],
    ['repo', 'a\0b', /NUL/],
    ['base_branch', '', /base_branch/],
    ['base_branch', 'b'.repeat(256), /base_branch/],
  ])('has a %s that no job can have: it is refused and none is made', async (field, value, message) => {
    const before = (await engine.call('jobs.list', {})).total;
    const error = await refusal(engine, 'jobs.create', job(at('good'), { [field]: value }));
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) as string });
    expect((await engine.call('jobs.list', {})).total).toBe(before);
  });

  it.each([
    'https://user:tiger-secret-9@git.invalid/x.git',
    'https://tiger-secret-9@git.invalid/x.git',
    'ssh://user:tiger-secret-9@git.invalid/x.git',
    'user:tiger-secret-9@git.invalid:x.git',
    ' https://user:tiger-secret-9@git.invalid/x.git',
  ])('holds credentials (%#): they are refused and stored nowhere', async (repo) => {
    const failure = await failureOf(engine, await create(repo));
    expect(failure).toMatch(/Leave that part out and let git sign in/);
    const repos = await engine.call('repos.recent', {});
    expect(JSON.stringify(repos)).not.toContain('tiger-secret-9');
    for (const name of ['jobs.db', 'jobs.db-wal', 'audit.log', 'escalations.log']) {
      const bytes = await readFile(join(at('data'), name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes('tiger-secret-9'), name).toBe(false);
    }
  });

  it('does not hold up the others', async () => {
    const [bad, good] = await Promise.all([create(at('nowhere')), create(at('link'))]);
    await failureOf(engine, bad);
    await engine.until(good, isWaiting);
    expect((await engine.call('jobs.plan', { job_id: good })).plan.tasks).toHaveLength(1);
  });
});

describe('a repository with an unusual path', () => {
  it.each([
    ['spaces', 'my own repo'],
    ['quotes', `it's "mine" \`x\` $(touch x)`],
    ['Korean', '저장소/한글 이름'],
    ['a newline', 'two\nlines'],
    ['a leading dash', '-rf'],
    ['a look of options', '--git-dir=x'],
  ])('with %s works like any other', async (_, name) => {
    const repo = await makeRepo(at(name), smallFiles);
    const jobId = await create(repo.path);
    const ready = await engine.until(jobId, ({ metadata }) => metadata['event_type'] === 'workspace_ready');
    expect(ready.metadata).toMatchObject({ file_count: 2, base_commit: await repo.git('rev-parse', 'main') });
    expect(await repo.git('rev-parse', `crew/${jobId.slice(0, 8)}`)).toBe(ready.metadata['base_commit']);
    await engine.call('jobs.cancel', { job_id: jobId });
    expect(await repo.git('status', '--porcelain')).toBe('');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Workspace } from '../../../src/main/app/ports/workspace.ts';
import { wholeLines } from '../../../src/main/infra/git/mirror.ts';
import { type TestRepo, makeBareRepo, makeRepo } from '../../support/repos.ts';
import { inChild, jobOf, never, prepared, setUp } from './harness.ts';

/** A remote at `remotes/acme/app.git`, reachable as `acme/app` and by its file URL. */
async function setUpRemote(): Promise<{
  folder: string;
  dataFolder: string;
  workspace: Workspace;
  source: TestRepo;
  bare: string;
  url: string;
}> {
  const { folder } = await setUp();
  const place = await setUp({ githubBaseUrl: `${pathToFileURL(join(folder, 'remotes')).href}/` });
  const source = await makeRepo(join(folder, 'source'), { 'a.txt': 'a\n' });
  await source.git('branch', 'next');
  const bare = join(folder, 'remotes', 'acme', 'app.git');
  await makeBareRepo(bare, source);
  return { ...place, folder, source, bare, url: pathToFileURL(bare).href };
}

const job = (repo: string, id: string): ReturnType<typeof jobOf> => jobOf(repo, id);

async function listen(answer: 'nothing' | number): Promise<string> {
  const server = createServer((_request, response) => {
    if (answer !== 'nothing') response.writeHead(answer, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/app.git`;
}

describe('a remote repository', () => {
  it('is looked at without cloning', async () => {
    const { dataFolder, workspace, url } = await setUpRemote();
    expect(await workspace.inspect('acme/app', never)).toEqual({
      ok: true,
      value: { repo: url, branches: ['main', 'next'], headBranch: 'main' },
    });
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it('is mirrored once, and each job gets a worktree on the branch as it is now', async () => {
    const { dataFolder, workspace, source, bare } = await setUpRemote();
    const lines: string[] = [];
    const first = await workspace.prepare(job('acme/app', '11111111-a'), (line) => lines.push(line), never);
    if (!first.ok) throw new Error(first.error.message);
    expect(lines[0]).toMatch(/^Fetching file:/);
    expect(lines.every((line) => line !== '' && !/[\r\n]/.test(line))).toBe(true);
    const newer = await source.commit('Newer', { 'b.txt': 'b' });
    await source.git('push', '--quiet', bare, 'main', ':next');
    const second = await prepared(workspace, job('acme/app', '22222222-a'));
    expect(second.baseCommit).toBe(newer);
    expect(second.gitDir).toBe(first.value.gitDir);
    expect(await readdir(join(dataFolder, 'mirrors'))).toHaveLength(1);
    expect(
      await workspace.prepare(
        { ...job('acme/app', '33333333-a'), baseBranch: 'next' },
        () => undefined,
        never,
      ),
    ).toEqual({
      ok: false,
      error: { code: 'invalid_input', message: 'There is no branch "next". Branches: main.' },
    });
    await writeFile(join(second.worktree, 'a.txt'), 'changed');
    expect(await workspace.commit(second, await workspace.tree(second), 'Work')).toMatchObject({ ok: true });
    expect(await prepared(workspace, job('acme/app', '11111111-a'))).toEqual(first.value);
  });

  it('is not asked again for a job that has started', async () => {
    const { workspace, bare, url } = await setUpRemote();
    const handle = await prepared(workspace, job(url, '11111111-a'));
    await rm(bare, { recursive: true });
    expect(await prepared(workspace, job(url, '11111111-a'))).toEqual(handle);
    expect(await workspace.prepare(job(url, '22222222-a'), () => undefined, never)).toMatchObject({
      ok: false,
      error: {
        code: 'invalid_input',
        message: expect.stringMatching(/There is no git repository at/) as string,
      },
    });
  });

  it('is cloned once when two processes and two jobs ask for it at the same time', async () => {
    const { dataFolder, workspace, url } = await setUpRemote();
    const call = (id: string): Promise<unknown> =>
      inChild({ dataFolder, method: 'prepare', job: job(url, id) });
    const results = await Promise.all([
      call('11111111-a'),
      call('22222222-a'),
      prepared(workspace, job(url, '33333333-a')),
      prepared(workspace, job(url, '44444444-a')),
    ]);
    expect(results[0]).toMatchObject({ ok: true });
    expect(results[1]).toMatchObject({ ok: true });
    expect(await readdir(join(dataFolder, 'mirrors'))).toHaveLength(1);
    expect(await readdir(join(dataFolder, 'locks'))).toEqual([]);
  });

  it('goes on after an interrupted clone and beside a broken mirror', async () => {
    const { dataFolder, workspace, url } = await setUpRemote();
    const { gitDir } = await prepared(workspace, job(url, '11111111-a'));
    await writeFile(join(gitDir, 'objects', 'pack', 'tmp_pack_x'), 'half');
    await writeFile(join(gitDir, 'refs', 'remotes', 'origin', 'main.lock'), '');
    await prepared(workspace, job(url, '22222222-a'));
    expect(await readdir(join(gitDir, 'objects', 'pack'))).not.toContain('tmp_pack_x');
    await rm(join(gitDir, 'HEAD'));
    const handle = await prepared(workspace, job(url, '33333333-a'));
    expect(handle.gitDir).toBe(gitDir);
    expect((await readdir(join(dataFolder, 'mirrors'))).some((name) => name.includes('.broken-'))).toBe(true);
  });

  it('goes on when killed before the mirror has its place', async () => {
    const { dataFolder, workspace, url } = await setUpRemote();
    await mkdir(join(dataFolder, 'mirrors', 'anything.new-1'), { recursive: true });
    await mkdir(join(dataFolder, 'locks', 'stale'), { recursive: true });
    expect(await prepared(workspace, job(url, '11111111-a'))).toMatchObject({ workBranch: 'crew/11111111' });
  });

  it('that is empty says so', async () => {
    const { folder, workspace } = await setUpRemote();
    const empty = await makeRepo(join(folder, 'empty'));
    const url = pathToFileURL(empty.path).href;
    expect(await workspace.prepare(job(url, '11111111-a'), () => undefined, never)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/no commits yet/) as string },
    });
  });
});

it('shows git’s progress as lines, one for each tenth', () => {
  const lines: string[] = [];
  const push = wholeLines((line) => lines.push(line));
  push('remote: Counting: 1% (1/99)\rremote: Coun');
  push(
    'ting: 5% (5/99)\rremote: Counting: 12% (12/99)\rremote: Counting: 100% (99/99), done.\nReceiving: 3%\r',
  );
  push('\n\nno end');
  expect(lines).toEqual([
    'Counting: 1% (1/99)',
    'Counting: 12% (12/99)',
    'Counting: 100% (99/99), done.',
    'Receiving: 3%',
  ]);
});

describe('a remote that cannot be reached', () => {
  it.each([
    [401, 'unavailable', /could not sign in.*gh auth setup-git/],
    [403, 'unavailable', /could not sign in/],
    [404, 'invalid_input', /There is no git repository at/],
    [500, 'unavailable', /cannot be reached/],
  ])('answers %d', async (status, code, message) => {
    const { workspace } = await setUp();
    const url = await listen(status);
    for (const result of [
      await workspace.inspect(url, never),
      await workspace.prepare(jobOf(url), () => undefined, never),
    ]) {
      expect(result).toMatchObject({
        ok: false,
        error: { code, message: expect.stringMatching(message) as string },
      });
    }
  });

  it('refuses the connection', async () => {
    const { workspace } = await setUp();
    expect(await workspace.inspect('http://127.0.0.1:9/a.git', never)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: expect.stringMatching(/Check the network/) as string },
    });
    expect(await workspace.inspect('ssh://git@127.0.0.1:9/a.git', never)).toMatchObject({
      ok: false,
      error: { code: 'unavailable' },
    });
  });

  it('never answers, and the job is canceled', async () => {
    const { workspace, dataFolder } = await setUp();
    const url = await listen('nothing');
    const abort = new AbortController();
    const reason = new Error('canceled');
    const asked = workspace.prepare(jobOf(url), () => abort.abort(reason), abort.signal);
    await expect(asked).rejects.toBe(reason);
    expect(await readdir(join(dataFolder, 'locks'))).toEqual([]);
  });
});

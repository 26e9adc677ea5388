import { appendFile, chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TestRepo, makeRepo } from '../../support/repos.ts';
import { fingerprint, inChild, jobOf, never, prepared, setUp, setUpJob } from './harness.ts';

/** What prepare may add to the user's git directory: objects, the job's references with their logs, its worktree. */
const jobsOwn = (path: string): boolean =>
  /^(?:objects\/|worktrees\/|(?:logs\/)?refs\/(?:heads\/crew|dev-crew)\/)/.test(path);

/** Dirty in every way: staged, changed, untracked, stashed, in the middle of nothing, with hooks that tell. */
async function makeDirty(repo: TestRepo): Promise<void> {
  await repo.write({ 'a.txt': 'stashed\n' });
  await repo.git('stash', 'push', '--quiet');
  await repo.write({ 'a.txt': 'staged\n' });
  await repo.git('add', 'a.txt');
  await repo.write({ 'a.txt': 'changed\n', 'untracked.txt': 'mine\n' });
  const hooks = join(repo.path, '.git', 'hooks');
  await mkdir(hooks, { recursive: true });
  for (const name of [
    'post-checkout',
    'post-index-change',
    'reference-transaction',
    'pre-commit',
    'post-commit',
  ]) {
    await writeFile(join(hooks, name), `#!/bin/sh\ntouch "${repo.path}/../hook-ran-${name}"\n`);
    await chmod(join(hooks, name), 0o755);
  }
}

async function expectOneBranch(repo: TestRepo, branch: string): Promise<void> {
  const refs = (await repo.git('for-each-ref', '--format=%(refname)', 'refs/heads/crew')).split('\n');
  expect(refs).toEqual([`refs/heads/${branch}`]);
  const trees = (await repo.git('worktree', 'list', '--porcelain')).match(/^worktree /gm);
  expect(trees).toHaveLength(2);
}

describe('prepare', () => {
  it('checks the base branch out in the data folder, on a branch of the job', async () => {
    const { dataFolder, repo, handle } = await setUpJob({ 'a.txt': 'a\n', 'bin/run': '#!/bin/sh\n' });
    expect(handle).toEqual({
      jobId: handle.jobId,
      gitDir: join(repo.path, '.git'),
      worktreeGitDir: join(repo.path, '.git', 'worktrees', handle.jobId),
      worktree: join(dataFolder, 'worktrees', handle.jobId),
      baseCommit: await repo.git('rev-parse', 'main'),
      workBranch: 'crew/0a1b2c3d',
    });
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('a\n');
    expect(await repo.git('-C', handle.worktree, 'status', '--porcelain', '--branch')).toBe(
      '## crew/0a1b2c3d',
    );
    await expectOneBranch(repo, handle.workBranch);
  });

  it('touches nothing of a dirty checkout and runs no hook', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n', 'src/b.txt': 'b\n' });
    await makeDirty(repo);
    const before = await fingerprint(repo.path, (path) => jobsOwn(path.replace(/^\.git\//, '')));
    const hooksBefore = (await readdir(folder)).filter((name) => name.startsWith('hook-ran'));
    const handle = await prepared(workspace, jobOf(repo.path));
    await writeFile(join(handle.worktree, 'a.txt'), 'by the crew\n');
    const { tree } = await workspace.snapshot(handle, 1, 'one');
    await workspace.commit(handle, tree, 'Change a');
    await workspace.restore(handle, tree);
    await workspace.exportCommit(handle, handle.baseCommit, 'base');
    await workspace.diff(handle, null, 10_000);
    await workspace.close(handle);
    expect(await fingerprint(repo.path, (path) => jobsOwn(path.replace(/^\.git\//, '')))).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.startsWith('hook-ran'))).toEqual(hooksBefore);
    expect(await repo.git('stash', 'list')).toMatch(/^stash@\{0\}/);
  });

  it('returns the same worktree a second time, with the work in it, also when the base branch has moved', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'work\n');
    await repo.commit('Meanwhile', { 'c.txt': 'c' });
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('work\n');
    await expectOneBranch(repo, handle.workBranch);
  });

  it('makes a worktree again that was removed, and its registration too', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await rm(handle.worktree, { recursive: true });
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    await rm(handle.worktreeGitDir, { recursive: true });
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('a\n');
    await expectOneBranch(repo, handle.workBranch);
  });

  it('keeps the work aside when the user’s git has forgotten the worktree', async () => {
    const { dataFolder, workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'work\n');
    await rename(handle.worktree, `${handle.worktree}-away`);
    await repo.git('worktree', 'prune');
    await rename(`${handle.worktree}-away`, handle.worktree);
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('a\n');
    const aside = (await readdir(join(dataFolder, 'worktrees'))).find((name) => name.includes('.aside-'));
    expect(await readFile(join(dataFolder, 'worktrees', aside ?? '', 'a.txt'), 'utf8')).toBe('work\n');
  });

  it('goes on from what a killed `git worktree add` left', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await rm(handle.worktree, { recursive: true });
    await rm(handle.worktreeGitDir, { recursive: true });
    await mkdir(handle.worktreeGitDir, { recursive: true });
    await writeFile(join(handle.worktreeGitDir, 'locked'), 'initializing');
    await mkdir(handle.worktree);
    await writeFile(join(handle.worktree, 'half'), '');
    await writeFile(join(handle.worktreeGitDir, 'index.lock'), '');
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    expect(await readdir(handle.worktree)).toEqual(['.git', 'a.txt', 'src']);
    await expectOneBranch(repo, handle.workBranch);
  });

  it('refuses a work branch that is not the job’s, and one that is in the way', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await repo.git('branch', 'crew/0a1b2c3d');
    const head = await repo.git('rev-parse', 'crew/0a1b2c3d');
    for (let round = 0; round < 2; round += 1) {
      expect(await workspace.prepare(jobOf(repo.path), () => undefined, never)).toMatchObject({
        ok: false,
        error: {
          code: 'invalid_input',
          message: expect.stringMatching(/exists already and is not this job's/) as string,
        },
      });
    }
    expect(await repo.git('rev-parse', 'crew/0a1b2c3d')).toBe(head);
    await repo.git('branch', '-D', 'crew/0a1b2c3d');
    await repo.git('branch', 'crew');
    expect(await workspace.prepare(jobOf(repo.path), () => undefined, never)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/"crew" is in the way.*git branch -m crew/) as string },
    });
  });

  it('says where the work branch is checked out when it cannot be used for that', async () => {
    const { folder, workspace, repo, handle } = await setUpJob();
    await workspace.close(handle);
    await repo.git('worktree', 'add', '--quiet', join(folder, 'look'), handle.workBranch);
    expect(await workspace.prepare(jobOf(repo.path), () => undefined, never)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', message: expect.stringContaining(join(folder, 'look')) as string },
    });
  });

  it('is undone by abandon, wherever it was killed: no worktree, no registration; other jobs and the branch stay', async () => {
    const { folder, dataFolder, workspace } = await setUp();
    const killer = await makeKiller(folder);
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n' });
    const other = await prepared(workspace, jobOf(repo.path, 'other111-0000'));
    for (let at = 1; ; at += 1) {
      const job = jobOf(repo.path, `${1000 + at}4444-0000`);
      const ended = await inChild({ dataFolder, method: 'prepare', job }, { env: killer(at, 'before') });
      await workspace.abandon(job);
      await workspace.abandon(job);
      expect(await readdir(join(dataFolder, 'worktrees'))).toEqual([other.jobId]);
      expect(await readdir(join(repo.path, '.git/worktrees'))).toEqual([other.jobId]);
      if (!isKilled(ended)) break;
    }
    expect(await readFile(join(other.worktree, 'a.txt'), 'utf8')).toBe('a\n');
    expect(await repo.git('branch', '--list', 'crew/10044444')).not.toBe('');
  });

  it('is undone by abandon also when the repository is gone', async () => {
    const { dataFolder, workspace, repo } = await setUpJob();
    await rm(repo.path, { recursive: true });
    await workspace.abandon(jobOf(repo.path));
    expect(await readdir(join(dataFolder, 'worktrees'))).toEqual([]);
    await workspace.abandon(jobOf('no/such-thing', 'never222-0000'));
  });

  it('ends at once when aborted', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    const reason = new Error('canceled');
    await expect(
      workspace.prepare(jobOf(repo.path), () => undefined, AbortSignal.abort(reason)),
    ).rejects.toBe(reason);
  });
});

describe('several at once', () => {
  it('prepares jobs of one repository, and one job twice', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    const ids = ['11111111-a', '22222222-a', '11111111-a', '33333333-a'];
    const handles = await Promise.all(ids.map((id) => prepared(workspace, jobOf(repo.path, id))));
    expect(handles[0]).toEqual(handles[2]);
    expect(new Set(handles.map((handle) => handle.worktree)).size).toBe(3);
    expect((await repo.git('branch', '--list', 'crew/*')).split('\n')).toHaveLength(3);
  });

  it('prepares one job in two processes', async () => {
    const { folder, dataFolder } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    const call = { dataFolder, method: 'prepare' as const, job: jobOf(repo.path) };
    const [one, two] = await Promise.all([inChild(call), inChild(call)]);
    expect(one).toMatchObject({ ok: true });
    expect(two).toEqual(one);
    await expectOneBranch(repo, 'crew/0a1b2c3d');
  });
});

/**
 * A `git` that kills the process that called it, before or after the call of that number does its work. Only calls
 * that write count: the others leave nothing behind.
 */
async function makeKiller(
  folder: string,
): Promise<(at: number, when: 'before' | 'after') => NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh
case "$1" in
  update-index|update-ref|worktree|read-tree|write-tree|commit-tree) ;;
  *) exec "$KILL_REAL_GIT" "$@" ;;
esac
n=$(($(cat "$KILL_COUNT" 2>/dev/null || echo 0) + 1)); echo $n > "$KILL_COUNT"
[ $n = "$KILL_AT" ] || exec "$KILL_REAL_GIT" "$@"
[ "$KILL_WHEN" = after ] && "$KILL_REAL_GIT" "$@"
kill -9 $PPID
`;
  await writeFile(join(bin, 'git'), script, { mode: 0o755 });
  return (at, when) => ({
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    KILL_COUNT: join(folder, `count-${at}-${when}`),
    KILL_AT: String(at),
    KILL_WHEN: when,
    KILL_REAL_GIT: '/usr/bin/git',
  });
}

describe('killed at any call of git that writes', () => {
  it('prepares the same worktree and exactly one branch', async () => {
    const { folder, dataFolder, workspace } = await setUp();
    const killer = await makeKiller(folder);
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n' });
    const tree = await repo.git('rev-parse', 'main^{tree}');
    const jobIds: string[] = [];
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const job = jobOf(repo.path, `${when.slice(0, 4)}${1000 + at}-0000`);
        const ended = await inChild({ dataFolder, method: 'prepare', job }, { env: killer(at, when) });
        jobIds.push(job.jobId);
        const handle = await prepared(workspace, job);
        expect(await workspace.tree(handle)).toBe(tree);
        expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('a\n');
        if (!isKilled(ended)) break;
      }
    }
    expect(jobIds.length).toBeGreaterThanOrEqual(10);
    const branches = jobIds.map((id) => `refs/heads/crew/${id.slice(0, 8)}`).sort();
    expect(await repo.git('for-each-ref', '--format=%(refname)', 'refs/heads/crew')).toBe(
      branches.join('\n'),
    );
    const worktrees = await repo.git('worktree', 'list', '--porcelain');
    expect(worktrees.match(/^worktree /gm)).toHaveLength(jobIds.length + 1);
    expect(worktrees).not.toMatch(/^(?:prunable|locked)/m);
  });

  it('records one snapshot and one commit', async () => {
    const { folder, dataFolder, workspace, repo } = await setUpJob({ 'a.txt': 'a\n' });
    const killer = await makeKiller(folder);
    for (const when of ['before', 'after'] as const) {
      // After a write, only what the index is then left as differs from before the next.
      for (let at = 1; when === 'before' || at <= 2; at += 1) {
        const handle = await prepared(workspace, jobOf(repo.path, `${when.slice(0, 4)}${1000 + at}-0000`));
        await writeFile(join(handle.worktree, 'a.txt'), 'changed\n');
        const call = { dataFolder, method: 'work' as const, handle, message: 'Change a' };
        const ended = await inChild(call, { env: killer(at, when) });
        const { tree } = await workspace.snapshot(handle, 1, 'Change a');
        const again = await workspace.commit(handle, tree, 'Change a');
        if (!again.ok || !again.value) throw new Error('not committed');
        expect(await repo.git('log', '--format=%H %P', `${handle.baseCommit}..${handle.workBranch}`)).toBe(
          `${again.value.commit} ${handle.baseCommit}`,
        );
        expect(await repo.git('-C', handle.worktree, 'status', '--porcelain')).toBe('');
        expect(await repo.git('for-each-ref', '--format=%(refname)', `refs/dev-crew/${handle.jobId}`)).toBe(
          `refs/dev-crew/${handle.jobId}/1\nrefs/dev-crew/${handle.jobId}/base`,
        );
        if (!isKilled(ended)) break;
      }
    }
  });
});

const isKilled = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'signal' in result && result.signal === 'SIGKILL';

describe('close', () => {
  it('removes the worktree and its registration, keeps the branch and the snapshots, any number of times', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await appendFile(join(handle.worktree, 'a.txt'), 'more\n');
    const { ref, tree } = await workspace.snapshot(handle, 1, 'one');
    await workspace.commit(handle, tree, 'More');
    await mkdir(join(handle.worktree, 'locked'));
    await writeFile(join(handle.worktree, 'locked', 'file'), '');
    await chmod(join(handle.worktree, 'locked'), 0o500);
    await workspace.close(handle);
    await workspace.close(handle);
    await expect(stat(handle.worktree)).rejects.toThrow(/ENOENT/);
    expect(await repo.git('worktree', 'list')).not.toContain('crew/');
    expect(await repo.git('rev-parse', `${handle.workBranch}^{tree}`)).toBe(tree);
    expect(await repo.git('rev-parse', `${ref}^{tree}`)).toBe(tree);
  });

  it('leaves other worktrees of the user alone, stale ones too', async () => {
    const { folder, workspace, repo, handle } = await setUpJob();
    await repo.git('worktree', 'add', '--quiet', '-b', 'side', join(folder, 'side'));
    await rm(join(folder, 'side'), { recursive: true });
    await workspace.close(handle);
    expect(await repo.git('worktree', 'list', '--porcelain')).toContain(join(folder, 'side'));
  });

  it('can be followed by a new prepare of the job', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'work\n');
    await workspace.commit(handle, await workspace.tree(handle), 'Work');
    await workspace.close(handle);
    expect(await prepared(workspace, jobOf(repo.path))).toEqual(handle);
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('work\n');
  });
});

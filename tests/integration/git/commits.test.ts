import { mkdir, readFile, readdir, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitIn, gitTestEnv, makeRepo } from '../../support/repos.ts';
import { jobOf, prepared, setUp, setUpJob } from './harness.ts';

describe('snapshot', () => {
  it('keeps the worktree under a hidden reference, each on top of the one before', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), '1');
    const one = await workspace.snapshot(handle, 1, 'first');
    await writeFile(join(handle.worktree, 'a.txt'), '2');
    const two = await workspace.snapshot(handle, 2, 'second');
    expect(one.ref).toBe(`refs/dev-crew/${handle.jobId}/1`);
    expect(await repo.git('log', '--format=%H', two.ref)).toBe(
      [two.commit, one.commit, handle.baseCommit].join('\n'),
    );
    expect(await repo.git('log', '-1', '--format=%an <%ae>|%B', two.ref)).toBe(
      `Dev Crew <dev-crew@localhost>|second\n\nDev-Crew-Job: ${handle.jobId}\n`,
    );
    expect(await repo.git('branch', '--list')).not.toContain('dev-crew');
  });

  it('is the same commit for the same tree, and replaced for another', async () => {
    const { workspace, handle } = await setUpJob();
    const one = await workspace.snapshot(handle, 1, 'first');
    expect(await workspace.snapshot(handle, 1, 'again')).toEqual(one);
    await writeFile(join(handle.worktree, 'a.txt'), 'done differently');
    const other = await workspace.snapshot(handle, 1, 'again');
    expect(other.commit).not.toBe(one.commit);
    expect(await workspace.snapshot(handle, 1, 'again')).toEqual(other);
  });
});

describe('commit', () => {
  it('is one commit on the base as the user, with a trailer, and leaves the worktree clean', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'changed\n');
    const tree = await workspace.tree(handle);
    const result = await workspace.commit(
      handle,
      tree,
      'Fix a\r\n\r\nBecause.\u0007\nDev-Crew-Job: forged\n',
    );
    if (!result.ok || !result.value) throw new Error('not committed');
    expect(await repo.git('log', '-1', '--format=%an <%ae>|%cn|%P|%B', handle.workBranch)).toBe(
      `Test User <test@example.com>|Test User|${handle.baseCommit}|Fix a\n\nBecause.\n\nDev-Crew-Job: ${handle.jobId}\n`,
    );
    expect(
      await repo.git('log', '-1', '--format=%(trailers:key=Dev-Crew-Job,valueonly)', handle.workBranch),
    ).toBe(`${handle.jobId}\n`);
    expect(await repo.git('-C', handle.worktree, 'status', '--porcelain')).toBe('');
    expect(await workspace.commit(handle, tree, 'Something else')).toEqual(result);
  });

  it('replaces its own earlier commit, and gives it up when nothing is left of the change', async () => {
    const { workspace, repo, handle } = await setUpJob();
    const base = await workspace.tree(handle);
    for (const content of ['first', 'second']) {
      await writeFile(join(handle.worktree, 'a.txt'), content);
      await workspace.commit(handle, await workspace.tree(handle), content);
    }
    expect(await repo.git('log', '--format=%s', `main..${handle.workBranch}`)).toBe('second');
    await workspace.restore(handle, base);
    expect(await workspace.commit(handle, base, 'nothing')).toEqual({ ok: true, value: null });
    expect(await repo.git('rev-parse', handle.workBranch)).toBe(handle.baseCommit);
  });

  it('is refused when somebody else has moved the branch or removed it', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'changed');
    const tree = await workspace.tree(handle);
    const foreign = await repo.commit('Foreign', { 'c.txt': 'c' });
    await repo.git('update-ref', `refs/heads/${handle.workBranch}`, foreign);
    expect(await workspace.commit(handle, tree, 'x')).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    expect(await repo.git('rev-parse', handle.workBranch)).toBe(foreign);
    await repo.git('update-ref', '-d', `refs/heads/${handle.workBranch}`);
    expect(await workspace.commit(handle, tree, 'x')).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
  });

  it('finds the identity where git would: includes, environment, and a clear name where there is none', async () => {
    const { folder } = await setUp();
    const config = join(folder, 'gitconfig');
    await gitIn(folder, 'config', '--file', config, 'user.name', '전역 사용자');
    await gitIn(folder, 'config', '--file', config, 'user.email', 'global@example.com');
    const authors: string[] = [];
    for (const env of [
      { GIT_CONFIG_GLOBAL: config },
      { GIT_AUTHOR_NAME: 'Env', GIT_AUTHOR_EMAIL: 'e@x' },
      {},
    ]) {
      const { workspace, folder: own } = await setUp({ env: { ...gitTestEnv, ...env } });
      const repo = await makeRepo(join(own, 'repo'), { 'a.txt': 'a' });
      await repo.git('config', '--remove-section', 'user');
      const handle = await prepared(workspace, jobOf(repo.path));
      await writeFile(join(handle.worktree, 'a.txt'), 'b');
      const result = await workspace.commit(handle, await workspace.tree(handle), '');
      if (!result.ok) throw new Error(result.error.message);
      authors.push(await repo.git('log', '-1', '--format=%an <%ae> %s', handle.workBranch));
    }
    expect(authors).toEqual([
      '전역 사용자 <global@example.com> Changes by Dev Crew',
      'Env <e@x> Changes by Dev Crew',
      'Dev Crew <dev-crew@localhost> Changes by Dev Crew',
    ]);
  });
});

describe('diff', () => {
  it('shows the worktree against the base, with renames, binaries and odd names', async () => {
    const long = Array.from({ length: 50 }, (_, n) => `line ${n}\n`).join('');
    const { workspace, handle } = await setUpJob({
      'a.txt': 'a\n',
      'old name.txt': long,
      'x.bin': Buffer.from([0, 1]),
    });
    const { worktree } = handle;
    await writeFile(join(worktree, 'a.txt'), 'b\nc\n');
    await rename(join(worktree, 'old name.txt'), join(worktree, '새 이름.txt'));
    await writeFile(join(worktree, 'x.bin'), Buffer.from([0, 2]));
    const result = await workspace.diff(handle, null, 100_000);
    expect(result.truncated).toBe(false);
    expect(result.files).toEqual([
      { path: 'a.txt', additions: 2, deletions: 1 },
      { path: 'x.bin', additions: 0, deletions: 0 },
      { path: '새 이름.txt', additions: 0, deletions: 0 },
    ]);
    expect(result.diff).toContain('rename to 새 이름.txt');
    expect(result.diff).toContain('Binary files a/x.bin and b/x.bin differ');
    const { commit } = await workspace.snapshot(handle, 1, 'one');
    expect(await workspace.diff(handle, commit, 100_000)).toEqual(result);
  });

  it('is empty for no change, and cut at a whole line within its limit', async () => {
    const { workspace, handle } = await setUpJob();
    expect(await workspace.diff(handle, null, 1000)).toEqual({ diff: '', truncated: false, files: [] });
    await writeFile(join(handle.worktree, 'a.txt'), '한글 줄\n'.repeat(100_000));
    const result = await workspace.diff(handle, null, 1000);
    expect(result.truncated).toBe(true);
    expect(Buffer.byteLength(result.diff)).toBeLessThanOrEqual(1000);
    expect(result.diff).toMatch(/한글 줄\n$/);
    expect(result.files).toEqual([{ path: 'a.txt', additions: 100_000, deletions: 1 }]);
  });

  it('is not changed by the user’s settings', async () => {
    const { workspace, repo, handle } = await setUpJob();
    await writeFile(join(handle.worktree, 'a.txt'), 'b\n');
    const before = await workspace.diff(handle, null, 1000);
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['color.ui', 'always'],
      ['color.diff', 'always'],
      ['diff.context', '0'],
      ['core.quotePath', 'true'],
    ] as const) {
      await repo.git('config', key, value);
    }
    expect(await workspace.diff(handle, null, 1000)).toEqual(before);
  });
});

describe('exportCommit', () => {
  it('writes the plain files of a commit, fresh each time, and nothing of git', async () => {
    const { folder, workspace, repo, handle } = await setUpJob({
      'a.txt': 'a\n',
      'bin/run': '#!/bin/sh\n',
      '.gitattributes': 'skipped.txt export-ignore\nsubst.txt export-subst\n',
      'skipped.txt': 's',
      'subst.txt': '$Format:%H$',
    });
    await symlink('a.txt', join(repo.path, 'link'));
    await repo.git('update-index', '--add', '--chmod=+x', 'bin/run');
    const commit = await repo.commit('More');
    const path = await workspace.exportCommit(handle, commit, 'verify/../../x 1');
    expect(path.startsWith(join(folder, 'data', 'exports', handle.jobId))).toBe(true);
    expect((await readdir(path)).sort()).toEqual([
      '.gitattributes',
      'a.txt',
      'bin',
      'link',
      'skipped.txt',
      'subst.txt',
    ]);
    expect(await readFile(join(path, 'subst.txt'), 'utf8')).toBe('$Format:%H$');
    expect(await readlink(join(path, 'link'))).toBe('a.txt');
    await writeFile(join(path, 'left-over'), '');
    expect(await workspace.exportCommit(handle, commit, 'verify/../../x 1')).toBe(path);
    await expect(stat(join(path, 'left-over'))).rejects.toThrow(/ENOENT/);
    await workspace.removeExport(path);
    await workspace.removeExport(path);
    expect(await readdir(join(folder, 'data', 'exports'))).toEqual([]);
  });

  it('takes the attributes of the commit, not those that lie in the worktree now', async () => {
    const { workspace, handle } = await setUpJob({ 'a.txt': 'a\n' });
    await writeFile(join(handle.worktree, '.gitattributes'), '* text eol=crlf\n');
    const path = await workspace.exportCommit(handle, handle.baseCommit, 'base');
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('a\n');
  });

  it('removes nothing but exports', async () => {
    const { folder, workspace } = await setUpJob();
    await mkdir(join(folder, 'precious'));
    for (const path of [join(folder, 'precious'), join(folder, 'data', 'exports', '..'), '/', 'x']) {
      await expect(workspace.removeExport(path)).rejects.toThrow(/not an export/);
    }
    await rm(join(folder, 'precious'), { recursive: true });
  });
});

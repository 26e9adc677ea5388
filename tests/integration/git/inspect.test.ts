import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/main/app/ports/workspace.ts';
import { gitTestEnv, makeBareRepo, makeRepo } from '../../support/repos.ts';
import { asRoot, chownAll, inChild, jobOf, never, nobody, setUp } from './harness.ts';

/** Both ways in must say the same. */
async function refusal(workspace: Workspace, repo: string): Promise<{ code: string; message: string }> {
  const inspected = await workspace.inspect(repo, never);
  const prepared = await workspace.prepare(jobOf(repo), () => undefined, never);
  if (inspected.ok || prepared.ok) throw new Error(`${repo} was taken`);
  expect(prepared.error).toEqual(inspected.error);
  expect(inspected.error.message).not.toContain('\n');
  return inspected.error;
}

describe('a repository that can be used', () => {
  it('shows its branches and the one it is on', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await repo.git('branch', 'feature/한글');
    const result = await workspace.inspect(repo.path, never);
    expect(result).toEqual({
      ok: true,
      value: { repo: repo.path, branches: ['feature/한글', 'main'], headBranch: 'main' },
    });
    await repo.git('checkout', '--quiet', '--detach');
    expect(await workspace.inspect(repo.path, never)).toMatchObject({
      ok: true,
      value: { headBranch: null },
    });
  });

  it.each([
    'with space',
    `quote ' and "`,
    '한글 저장소',
    'new\nline',
    '-dash',
    '$(touch x);`y`',
    'back\\slash',
    ' edge ',
  ])('may be called %j', async (name) => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, name), { 'a.txt': 'a' });
    expect(await workspace.inspect(repo.path, never)).toMatchObject({ ok: true, value: { repo: repo.path } });
    const result = await workspace.prepare(jobOf(repo.path), () => undefined, never);
    if (!result.ok) throw new Error(result.error.message);
    const base = await repo.git('rev-parse', 'HEAD^{tree}');
    expect(await workspace.tree(result.value)).toBe(base);
    await workspace.close(result.value);
    expect(await repo.git('worktree', 'list', '--porcelain')).not.toContain('crew/');
  });

  it('may be named by a symlink, relative to the workspace root, or from home', async () => {
    const { folder, workspace } = await setUp();
    const homely = (await setUp({ home: folder })).workspace;
    const repo = await makeRepo(join(folder, 'real'), { 'a.txt': 'a' });
    await symlink(repo.path, join(folder, 'link'));
    for (const name of [join(folder, 'link'), 'real', './link']) {
      expect(await workspace.inspect(name, never)).toMatchObject({ ok: true, value: { repo: repo.path } });
    }
    expect(await homely.inspect('~/link', never)).toMatchObject({ ok: true, value: { repo: repo.path } });
  });

  it('wins over owner/name when it lies there', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'acme', 'app'), { 'a.txt': 'a' });
    expect(await workspace.inspect('acme/app', never)).toMatchObject({
      ok: true,
      value: { repo: repo.path },
    });
  });

  it('may be a linked worktree of the user', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await repo.git('worktree', 'add', '--quiet', '-b', 'side', join(folder, 'side'));
    const result = await workspace.prepare(jobOf(join(folder, 'side')), () => undefined, never);
    expect(result).toMatchObject({ ok: true, value: { gitDir: join(repo.path, '.git') } });
  });
});

describe('a repository that cannot be used', () => {
  it('does not exist', async () => {
    const { folder, workspace } = await setUp();
    expect(await refusal(workspace, join(folder, 'nowhere'))).toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/nowhere" does not exist\. Check the path/) as string,
    });
    expect((await refusal(workspace, 'x'.repeat(5000))).message).toMatch(/too long/);
  });

  it('is a file, or lies behind one', async () => {
    const { folder, workspace } = await setUp();
    await writeFile(join(folder, 'file'), '');
    expect((await refusal(workspace, join(folder, 'file'))).message).toMatch(/is a file, not a folder/);
    expect((await refusal(workspace, join(folder, 'file', 'x'))).message).toMatch(/goes through a file/);
  });

  it('is a plain folder, or one inside a repository, or git’s own folder', async () => {
    const { folder, workspace } = await setUp();
    await mkdir(join(folder, 'plain'));
    expect((await refusal(workspace, join(folder, 'plain'))).message).toMatch(
      /is not a git repository.*git init/,
    );
    const repo = await makeRepo(join(folder, 'repo'), { 'sub/a.txt': 'a' });
    const inside = await refusal(workspace, join(repo.path, 'sub'));
    expect(inside.message).toContain(`Name the repository: "${repo.path}"`);
    expect((await refusal(workspace, join(repo.path, '.git'))).message).toMatch(/git's own folder/);
  });

  it('is bare', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await makeBareRepo(join(folder, 'bare.git'), repo);
    const error = await refusal(workspace, join(folder, 'bare.git'));
    expect(error.message).toMatch(/is a bare repository\. .*file:\/\//);
  });

  it('has no commits', async () => {
    const { folder, workspace } = await setUp();
    await makeRepo(join(folder, 'repo'));
    expect((await refusal(workspace, join(folder, 'repo'))).message).toMatch(/no commits yet/);
  });

  it('is a symlink to itself', async () => {
    const { folder, workspace } = await setUp();
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    expect((await refusal(workspace, join(folder, 'loop'))).message).toMatch(/leads to itself/);
  });

  it.runIf(asRoot)('belongs to somebody else', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await chownAll(repo.path, nobody);
    expect((await refusal(workspace, repo.path)).message).toMatch(/belongs to another user.*safe\.directory/);
  });

  it.runIf(asRoot)('may not be read, or not be written to', async () => {
    const { folder } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    const dataFolder = join(folder, 'theirs');
    await mkdir(dataFolder);
    for (const path of [folder, dataFolder, repo.path]) await chownAll(path, nobody);
    await chmod(repo.path, 0);
    const child = { dataFolder, method: 'prepare' as const, job: jobOf(repo.path) };
    expect(await inChild(child, { uid: nobody })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', message: expect.stringMatching(/cannot be read/) as string },
    });
    await chmod(repo.path, 0o755);
    await chmod(join(repo.path, '.git', 'refs'), 0o555);
    await chmod(join(repo.path, '.git'), 0o555);
    expect(await inChild(child, { uid: nobody })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', message: expect.stringMatching(/cannot be written to/) as string },
    });
  });

  it('is no address at all', async () => {
    const { workspace } = await setUp();
    expect((await refusal(workspace, 'ext::sh -c "touch /tmp/pwned"')).message).toMatch(/remote helpers/);
    expect((await refusal(workspace, '--upload-pack=x')).message).toMatch(/cannot start with/);
    expect((await refusal(workspace, 'https://me:secret@example.com/a')).message).not.toContain('secret');
    expect((await refusal(workspace, 'a\0b')).message).toMatch(/NUL/);
  });

  it('cannot be looked at without git', async () => {
    const { folder } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    const { workspace } = await setUp({ env: { ...gitTestEnv, PATH: join(folder, 'empty') } });
    expect(await refusal(workspace, repo.path)).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/git is not installed/) as string,
    });
  });
});

describe('a git or a disk that cannot be used', () => {
  it('is told when git is too old to be safe', async () => {
    const { folder } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'git'), '#!/bin/sh\necho git version 2.30.9\n', { mode: 0o755 });
    const { workspace } = await setUp({
      env: { ...gitTestEnv, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    });
    expect((await refusal(workspace, repo.path)).message).toMatch(
      /2\.30\.9 is too old: Dev Crew needs 2\.31/,
    );
  });

  it.runIf(asRoot)('is told when the data folder cannot be written to', async () => {
    const { folder } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await mkdir(join(folder, 'theirs'), { mode: 0o555 });
    for (const path of [folder, repo.path]) await chownAll(path, nobody);
    const call = { dataFolder: join(folder, 'theirs'), method: 'prepare' as const, job: jobOf(repo.path) };
    expect(await inChild(call, { uid: nobody })).toMatchObject({
      ok: false,
      error: {
        code: 'unavailable',
        message: expect.stringMatching(/data folder cannot be written to/) as string,
      },
    });
  });
});

describe('a base branch that cannot be used', () => {
  it('is told with the branches there are', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' }, 'trunk');
    await repo.git('branch', 'next');
    const result = await workspace.prepare(jobOf(repo.path), () => undefined, never);
    expect(result).toEqual({
      ok: false,
      error: { code: 'invalid_input', message: 'There is no branch "main". Branches: next, trunk.' },
    });
  });

  it('names branches of earlier jobs last', async () => {
    const { folder, workspace } = await setUp();
    const repo = await makeRepo(join(folder, 'jobs'), { 'a.txt': 'a' });
    await repo.git('branch', 'crew/0a1b2c3d');
    await repo.git('branch', 'crew/mine');
    const inspected = await workspace.inspect(repo.path, never);
    expect(inspected).toMatchObject({ value: { branches: ['crew/mine', 'main', 'crew/0a1b2c3d'] } });
  });

  it.each(['main~0', 'main^{tree}', 'HEAD', '-x', 'a b', '../heads/main', 'main\nx', ''])(
    'is never taken for an expression: %j',
    async (baseBranch) => {
      const { folder, workspace } = await setUp();
      const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
      const job = { ...jobOf(repo.path), baseBranch };
      expect(await workspace.prepare(job, () => undefined, never)).toMatchObject({
        ok: false,
        error: { code: 'invalid_input' },
      });
      expect(await repo.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    },
  );
});

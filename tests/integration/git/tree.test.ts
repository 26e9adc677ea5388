import {
  chmod,
  lchown,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gitIn, makeRepo } from '../../support/repos.ts';
import { asRoot, chownAll, jobOf, nobody, pathsOf, prepared, setUp, setUpJob } from './harness.ts';

describe('tree', () => {
  it('is the base commit’s tree until something changes, and again after it is undone', async () => {
    const { workspace, repo, handle } = await setUpJob();
    const base = await repo.git('rev-parse', 'main^{tree}');
    expect(await workspace.tree(handle)).toBe(base);
    await writeFile(join(handle.worktree, 'a.txt'), 'b\n');
    const changed = await workspace.tree(handle);
    expect(changed).not.toBe(base);
    expect(await workspace.tree(handle)).toBe(changed);
    await writeFile(join(handle.worktree, 'a.txt'), 'a\n');
    expect(await workspace.tree(handle)).toBe(base);
  });

  it('sees a change of the same size made in the second of the checkout, also when it looks later', async () => {
    const secondOf = async (path: string): Promise<number> => Math.floor((await stat(path)).ctimeMs / 1000);
    for (;;) {
      const { workspace, repo, handle } = await setUpJob();
      const file = join(handle.worktree, 'a.txt');
      const second = await secondOf(file);
      await writeFile(file, 'b\n');
      // The checkout may have been made at the end of a second; git knows the times of files by seconds.
      if ((await secondOf(file)) !== second) continue;
      await delay((second + 1) * 1000 - Date.now() + 10);
      const tree = await workspace.tree(handle);
      expect(await repo.git('cat-file', '-p', `${tree}:a.txt`)).toBe('b');
      return;
    }
  });

  it('holds what git itself would add: new, changed, removed, links, modes, any name', async () => {
    const { folder, workspace, repo, handle } = await setUpJob({
      'a.txt': 'a\n',
      'gone.txt': 'x',
      'run.sh': '#!/bin/sh\n',
      '.gitignore': 'ignored/\n*.log\n',
    });
    const { worktree } = handle;
    const strange = Buffer.concat([Buffer.from(`${worktree}/`), Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x2d])]);
    await rm(join(worktree, 'gone.txt'));
    await chmod(join(worktree, 'run.sh'), 0o755);
    await symlink('../../elsewhere', join(worktree, 'link'));
    await writeFile(strange, 'bytes');
    await writeFile(join(worktree, 'crlf.txt'), 'a\r\nb\r\n');
    await writeFile(join(worktree, '-dash "quote" 한글.txt'), '');
    await mkdir(join(worktree, 'ignored'));
    await writeFile(join(worktree, 'ignored', 'x'), '');
    await writeFile(join(worktree, 'debug.log'), '');
    const tree = await workspace.tree(handle);
    const index = join(folder, 'reference-index');
    const reference = await referenceTree(repo.path, worktree, index);
    expect(tree).toBe(reference);
    expect(await repo.git('cat-file', '-p', `${tree}:crlf.txt`)).toBe('a\r\nb\r');
  });

  it('follows a file that becomes a folder, a folder that becomes a file, and a folder that becomes a symlink', async () => {
    const { workspace, repo, handle } = await setUpJob({
      file: 'f',
      'dir/x': 'x',
      'dir/y': 'y',
      'linked/same': 'same',
      'target/same': 'same',
    });
    const { worktree } = handle;
    await rm(join(worktree, 'file'));
    await mkdir(join(worktree, 'file'));
    await writeFile(join(worktree, 'file', 'inner'), 'i');
    await rm(join(worktree, 'dir'), { recursive: true });
    await writeFile(join(worktree, 'dir'), 'now a file');
    await rm(join(worktree, 'linked'), { recursive: true });
    await symlink('target', join(worktree, 'linked'));
    expect(await pathsOf(repo, await workspace.tree(handle))).toEqual([
      'dir',
      'file/inner',
      'linked',
      'target/same',
    ]);
    const base = await repo.git('rev-parse', 'main^{tree}');
    await workspace.restore(handle, base);
    expect((await lstat(join(worktree, 'linked'))).isDirectory()).toBe(true);
    expect(await workspace.tree(handle)).toBe(base);
  });

  it('takes a device in the place of a file for its removal, and reads what has no read permission', async () => {
    const { workspace, repo, handle } = await setUpJob({ pipe: 'p', 'secret.txt': 's', 'new.txt': 'n' });
    await rm(join(handle.worktree, 'pipe'));
    await gitIn(handle.worktree, '-c', 'alias.fifo=!mkfifo', 'fifo', join(handle.worktree, 'pipe'));
    await writeFile(join(handle.worktree, 'secret.txt'), 'changed');
    await chmod(join(handle.worktree, 'secret.txt'), 0);
    const tree = await workspace.tree(handle);
    expect(await pathsOf(repo, tree)).toEqual(['new.txt', 'secret.txt']);
    expect(await repo.git('show', `${tree}:secret.txt`)).toBe('changed');
  });

  it('sees a change that keeps size and modification time', async () => {
    const { workspace, handle } = await setUpJob();
    const file = join(handle.worktree, 'a.txt');
    const before = await workspace.tree(handle);
    const info = await stat(file);
    await writeFile(file, 'z\n');
    await utimes(file, info.atime, info.mtime);
    expect(await workspace.tree(handle)).not.toBe(before);
  });

  it('leaves out files no host takes, and says so', async () => {
    const warnings: string[] = [];
    const log = { info() {}, error() {}, warn: (message: string) => warnings.push(message) };
    const { workspace, repo, handle } = await setUpJob(undefined, { log });
    await writeFile(join(handle.worktree, 'huge.bin'), '');
    await truncate(join(handle.worktree, 'huge.bin'), 101 * 1024 * 1024);
    expect(await pathsOf(repo, await workspace.tree(handle))).toEqual(['a.txt', 'src/b.txt']);
    expect(warnings.join()).toMatch(/too large/);
  });

  it('keeps a submodule as it is, whatever lies in its folder', async () => {
    const { folder, workspace } = await setUp();
    const inner = await makeRepo(join(folder, 'inner'), { x: 'x' });
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'sub');
    await repo.commit('With a submodule');
    const handle = await prepared(workspace, jobOf(repo.path));
    const base = await repo.git('rev-parse', 'main^{tree}');
    expect(await workspace.tree(handle)).toBe(base);
    await gitIn(join(handle.worktree, 'sub'), 'init', '--quiet');
    await gitIn(
      join(handle.worktree, 'sub'),
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@x',
      'commit',
      '--allow-empty',
      '-qm',
      'x',
    );
    expect(await workspace.tree(handle)).toBe(base);
  });

  it('applies the attributes that are built in, both ways', async () => {
    const { workspace, repo, handle } = await setUpJob({
      '.gitattributes': '*.txt text eol=crlf\n*.bin binary\n',
      'a.txt': 'one\n',
      'a.bin': 'x\r\ny\n',
    });
    expect(await readFile(join(handle.worktree, 'a.txt'), 'utf8')).toBe('one\r\n');
    expect(await workspace.tree(handle)).toBe(await repo.git('rev-parse', 'main^{tree}'));
    await writeFile(join(handle.worktree, 'a.txt'), 'one\r\ntwo\r\n');
    expect(await repo.git('show', `${await workspace.tree(handle)}:a.txt`)).toBe('one\ntwo');
  });
});

/** The tree that `git add --all` makes of a worktree without nested repositories, in an index elsewhere. */
async function referenceTree(repoPath: string, worktree: string, index: string): Promise<string> {
  const alias = `!GIT_DIR='${repoPath}/.git' GIT_WORK_TREE='${worktree}' GIT_INDEX_FILE='${index}' sh -c 'git add --all >/dev/null && git write-tree'`;
  return gitIn(worktree, '-c', `alias.reference=${alias}`, 'reference');
}

describe('restore', () => {
  it('brings back every kind of change and keeps ignored files', async () => {
    const { workspace, handle } = await setUpJob({
      'a.txt': 'a\n',
      'd/b.txt': 'b\n',
      '.gitignore': 'build/\n',
      l: 'l',
    });
    const { worktree } = handle;
    const base = await workspace.tree(handle);
    await writeFile(join(worktree, 'a.txt'), 'z');
    await rm(join(worktree, 'd'), { recursive: true });
    await symlink('/etc/passwd', join(worktree, 'd'));
    await mkdir(join(worktree, 'new', 'deep'), { recursive: true });
    await writeFile(join(worktree, 'new', 'deep', 'x'), 'x');
    await mkdir(join(worktree, 'build'));
    await writeFile(join(worktree, 'build', 'cache'), 'kept');
    await rename(join(worktree, 'l'), join(worktree, 'm'));
    const work = await workspace.tree(handle);
    await workspace.restore(handle, base);
    expect((await readdir(worktree)).sort()).toEqual(['.git', '.gitignore', 'a.txt', 'build', 'd', 'l']);
    expect(await readFile(join(worktree, 'build', 'cache'), 'utf8')).toBe('kept');
    expect(await workspace.tree(handle)).toBe(base);
    await workspace.restore(handle, work);
    expect(await readlink(join(worktree, 'd'))).toBe('/etc/passwd');
    expect(await workspace.tree(handle)).toBe(work);
  });

  it('also removes what only a changed .gitignore had hidden, nested repositories and oversized files', async () => {
    const { workspace, handle } = await setUpJob();
    const { worktree } = handle;
    const base = await workspace.tree(handle);
    await writeFile(join(worktree, '.gitignore'), 'hidden\n');
    await writeFile(join(worktree, 'hidden'), 'h');
    await makeRepo(join(worktree, 'nested', 'repo'), { x: 'x' });
    await writeFile(join(worktree, 'huge.bin'), '');
    await truncate(join(worktree, 'huge.bin'), 101 * 1024 * 1024);
    await workspace.restore(handle, base);
    expect(await workspace.tree(handle)).toBe(base);
    expect((await readdir(worktree)).sort()).toEqual(['.git', 'a.txt', 'nested', 'src']);
    expect(await readdir(join(worktree, 'nested'))).toEqual([]);
  });

  it('refuses what is no object id', async () => {
    const { workspace, handle } = await setUpJob();
    expect(() => workspace.restore(handle, 'HEAD')).toThrow(/not an object id/);
  });

  it.runIf(asRoot)('gives what it writes to the owner of the worktree', async () => {
    const { workspace, handle } = await setUpJob();
    await chownAll(handle.worktree, nobody);
    await lchown(handle.worktree, nobody, nobody);
    const base = await workspace.tree(handle);
    await writeFile(join(handle.worktree, 'a.txt'), 'z');
    await rm(join(handle.worktree, 'src'), { recursive: true });
    await workspace.restore(handle, base);
    for (const name of ['a.txt', 'src', 'src/b.txt']) {
      expect((await lstat(join(handle.worktree, name))).uid).toBe(nobody);
    }
  });
});

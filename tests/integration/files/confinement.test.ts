import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorktreeFiles } from '../../../src/main/app/ports/workspace.ts';
import { messageOf, setUpFiles, valueOf } from './harness.ts';

const never = new AbortController().signal;

/** Every tool but `remove` on one path, one after the other; the messages of those that refused. */
async function tryAll(files: WorktreeFiles, path: string): Promise<(string | null)[]> {
  const results = [
    await files.list(path, 10),
    await files.read(path),
    await files.readWhole(path),
    await files.search('.', path, 10, never),
    await files.write(path, 'evil'),
  ];
  return results.map((result) => (result.ok ? null : result.error.message));
}

describe('paths that no tool takes', () => {
  it.each([
    '../outside/secret',
    '/etc/passwd',
    '.git/config',
    '.GIT/hooks/pre-commit',
    'a/../../x',
    'a\0b',
    '~/x',
    'C:\\x',
  ])('%j', async (path) => {
    const { files, outside, worktree } = await setUpFiles();
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(join(worktree, '.git', 'hooks'), { recursive: true });
    for (const message of await tryAll(files, path)) expect(message).toMatch(/^"|^The path/);
    expect(await messageOf(files.remove(path))).toMatch(/^"|^The path/);
    expect(await readdir(join(worktree, '.git'))).toEqual(['hooks']);
  });
});

describe('symlinks', () => {
  it('that lead out are neither read nor listed nor searched nor written', async () => {
    const { files, outside, worktree } = await setUpFiles();
    await writeFile(join(outside, 'secret'), 'secret');
    await symlink(outside, join(worktree, 'dir'));
    await symlink('../outside/secret', join(worktree, 'file'));
    for (const path of ['dir', 'dir/secret', 'file', 'dir/new']) {
      for (const message of await tryAll(files, path)) expect(message).toMatch(/symlink|does not exist/);
    }
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect((await valueOf(files.search('secret', '.', 10, never))).matches).toEqual([]);
  });

  it('that stay inside are read through, and never written through', async () => {
    const { files, worktree } = await setUpFiles();
    await valueOf(files.write('real/a.txt', 'text'));
    await symlink('real', join(worktree, 'link'));
    await symlink('real/a.txt', join(worktree, 'alias'));
    expect(await valueOf(files.readWhole('link/a.txt'))).toBe('text');
    expect(await valueOf(files.readWhole('alias'))).toBe('text');
    expect((await valueOf(files.list('link', 10))).files).toEqual(['real/a.txt']);
    expect(await messageOf(files.write('link/a.txt', 'x'))).toMatch(/Nothing is changed through symlinks/);
    expect(await messageOf(files.write('alias', 'x'))).toMatch(/Nothing is written through symlinks/);
    expect(await messageOf(files.remove('link/a.txt'))).toMatch(/symlink/);
    expect(await valueOf(files.readWhole('real/a.txt'))).toBe('text');
  });

  it('into .git, dangling ones and loops are refused; a link itself can be removed', async () => {
    const { files, worktree } = await setUpFiles();
    await mkdir(join(worktree, '.git'));
    await writeFile(join(worktree, '.git', 'config'), 'x');
    await symlink('.git', join(worktree, 'g'));
    await symlink('nowhere', join(worktree, 'dangling'));
    await symlink('loop', join(worktree, 'loop'));
    expect(await messageOf(files.read('g/config'))).toMatch(/off limits/);
    expect(await messageOf(files.read('dangling'))).toMatch(/does not exist/);
    expect(await messageOf(files.read('loop'))).toMatch(/symlink/);
    expect(await messageOf(files.write('dangling', 'x'))).toMatch(/symlink/);
    await valueOf(files.remove('dangling'));
    await valueOf(files.remove('g'));
    expect(await readFile(join(worktree, '.git', 'config'), 'utf8')).toBe('x');
  });

  // Elsewhere there is no way to open relative to an open folder from Node.
  it.runIf(process.platform === 'linux')('swapped in while tools are at work lead nothing out', async () => {
    const { files, outside, worktree } = await setUpFiles();
    await writeFile(join(outside, 'a.txt'), 'secret');
    await valueOf(files.write('d/a.txt', 'inside'));
    let stop = false;
    const ignore = (): undefined => undefined;
    const swap = async (): Promise<void> => {
      while (!stop) {
        // Any of these may lose against a write that makes the folder again; the next round goes on from there.
        await rename(join(worktree, 'd'), join(worktree, 'kept')).catch(ignore);
        await symlink(outside, join(worktree, 'd')).catch(ignore);
        await rm(join(worktree, 'd'), { recursive: true }).catch(ignore);
        await rename(join(worktree, 'kept'), join(worktree, 'd')).catch(ignore);
      }
    };
    const swapping = swap();
    for (let round = 0; round < 300; round += 1) {
      const read = await files.readWhole('d/a.txt');
      if (read.ok) expect(read.value).not.toBe('secret');
      await files.write('d/b.txt', 'evil');
      await files.remove('d/b.txt');
    }
    stop = true;
    await swapping;
    expect(await readdir(outside)).toEqual(['a.txt']);
  });
});

describe('what is no regular file', () => {
  it('is refused without waiting for its other end', async () => {
    const { files, worktree } = await setUpFiles();
    execFileSync('mkfifo', [join(worktree, 'pipe')]);
    for (const result of [files.read('pipe'), files.readWhole('pipe'), files.write('pipe', 'x')]) {
      expect(await messageOf(result)).toMatch(/no regular file/);
    }
    expect((await valueOf(files.search('x', '.', 10, never))).matches).toEqual([]);
    expect((await valueOf(files.list('.', 10))).files).toEqual(['pipe']);
  });

  it('is refused where a folder is meant or named', async () => {
    const { files } = await setUpFiles();
    await valueOf(files.write('d/a.txt', 'x'));
    expect(await messageOf(files.read('d'))).toMatch(/is a folder/);
    expect(await messageOf(files.read('.'))).toMatch(/is a folder/);
    expect(await messageOf(files.write('d', 'x'))).toMatch(/is a folder/);
    expect(await messageOf(files.write('.', 'x'))).toMatch(/repository itself/);
    expect(await messageOf(files.remove('d'))).toMatch(/is a folder/);
    expect(await messageOf(files.remove('.'))).toMatch(/repository itself/);
    expect(await messageOf(files.write('d/a.txt/b', 'x'))).toMatch(/goes through a file/);
    expect(await messageOf(files.read('d/a.txt/b'))).toMatch(/goes through a file/);
  });

  it('may share its content outside: writing breaks the tie', async () => {
    const { files, outside, worktree } = await setUpFiles();
    await writeFile(join(outside, 'shared'), 'precious');
    await link(join(outside, 'shared'), join(worktree, 'shared'));
    await valueOf(files.write('shared', 'changed'));
    expect(await readFile(join(outside, 'shared'), 'utf8')).toBe('precious');
  });
});

it('whatever path is written, only the worktree changes and never .git', async () => {
  const { files, folder, outside, worktree } = await setUpFiles();
  await mkdir(join(worktree, '.git'));
  await symlink(outside, join(worktree, 'out'));
  await symlink('.git', join(worktree, 'g'));
  const part = fc.constantFrom('..', '.', '', '.git', '.GIT', 'a', 'b', 'out', 'g', '~', 'c\\d', ' ', '한글');
  const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(path, async (text) => {
      await files.write(text, 'x');
      expect((await readdir(folder)).sort()).toEqual(['outside', 'worktree']);
      expect(await readdir(outside)).toEqual([]);
      expect(await readdir(join(worktree, '.git'))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

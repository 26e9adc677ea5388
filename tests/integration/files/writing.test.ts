import { chmod, lchown, lstat, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, setUpFiles, valueOf } from './harness.ts';

describe('write', () => {
  it('creates with its folders, and replaces', async () => {
    const { files, worktree } = await setUpFiles();
    expect(await valueOf(files.write('src/new/한글 파일.ts', 'one'))).toEqual({ created: true });
    expect(await valueOf(files.write('./src//new/한글 파일.ts', 'two'))).toEqual({ created: false });
    expect(await readFile(join(worktree, 'src/new/한글 파일.ts'), 'utf8')).toBe('two');
    expect((await stat(join(worktree, 'src/new/한글 파일.ts'))).mode & 0o777).toBe(0o644);
  });

  it('keeps the mode of a file that was there', async () => {
    const { files, worktree } = await setUpFiles();
    await writeFile(join(worktree, 'run.sh'), 'x');
    await chmod(join(worktree, 'run.sh'), 0o750);
    await valueOf(files.write('run.sh', 'y'));
    expect((await stat(join(worktree, 'run.sh'))).mode & 0o777).toBe(0o750);
  });

  it.runIf(process.getuid?.() === 0)('as root, gives what it makes to the worktree’s owner', async () => {
    const { files, worktree } = await setUpFiles();
    await lchown(worktree, 65_534, 65_534);
    await valueOf(files.write('a/b/c.txt', 'x'));
    for (const name of ['a', 'a/b', 'a/b/c.txt'])
      expect((await lstat(join(worktree, name))).uid).toBe(65_534);
  });

  it('leaves no draft behind, in the worktree or beside it, whether it succeeds or not', async () => {
    const { files, folder, worktree } = await setUpFiles();
    await valueOf(files.write('a.txt', 'x'));
    await valueOf(files.write('d/x', 'x'));
    await messageOf(files.write('d', 'x'));
    expect((await readdir(worktree)).sort()).toEqual(['a.txt', 'd']);
    expect((await readdir(folder)).sort()).toEqual(['outside', 'worktree']);
  });

  it('shows a reader the old content or the new, never a part', async () => {
    const { files, worktree } = await setUpFiles();
    const contents = ['a', 'b'].map((letter) => letter.repeat(500_000));
    await valueOf(files.write('big.txt', contents[0] ?? ''));
    const seen = new Set<string>();
    let writing = true;
    const reader = (async () => {
      while (writing) seen.add(await readFile(join(worktree, 'big.txt'), 'utf8'));
    })();
    for (let round = 0; round < 20; round += 1)
      await valueOf(files.write('big.txt', contents[round % 2] ?? ''));
    writing = false;
    await reader;
    for (const content of seen) expect(contents.includes(content)).toBe(true);
  });

  it('gives back exactly what was written', async () => {
    const { files } = await setUpFiles();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        async (text) => {
          await valueOf(files.write('x.txt', text));
          expect(await valueOf(files.readWhole('x.txt'))).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses more than 2 MiB', async () => {
    const { files } = await setUpFiles();
    expect(await messageOf(files.write('big.txt', 'x'.repeat(2 * 1024 * 1024 + 1)))).toMatch(
      /larger than 2 MiB/,
    );
  });
});

describe('remove', () => {
  it('removes a file, and says when there is none', async () => {
    const { files, worktree } = await setUpFiles();
    await valueOf(files.write('d/a.txt', 'x'));
    await valueOf(files.remove('d/a.txt'));
    expect(await readdir(join(worktree, 'd'))).toEqual([]);
    expect(await messageOf(files.remove('d/a.txt'))).toMatch(/does not exist/);
  });
});

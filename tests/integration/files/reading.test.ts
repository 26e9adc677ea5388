import { chmod, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overview } from '../../../src/main/infra/files/walk.ts';
import { messageOf, setUpFiles, valueOf } from './harness.ts';

describe('read', () => {
  it('keeps line ends, a missing last one and a byte order mark', async () => {
    const { files, worktree } = await setUpFiles();
    const text = '\ufeffone\r\ntwo\n한글\r\nlast';
    await writeFile(join(worktree, 'a.txt'), text);
    expect(await valueOf(files.readWhole('a.txt'))).toBe(text);
    expect(await valueOf(files.read('a.txt'))).toEqual({ text, totalLines: 4 });
    expect(await valueOf(files.read('a.txt', 2, 3))).toEqual({ text: 'two\n한글\r\n', totalLines: 4 });
    expect(await valueOf(files.read('a.txt', 4))).toEqual({ text: 'last', totalLines: 4 });
    expect(await valueOf(files.read('a.txt', 3, 100))).toEqual({ text: '한글\r\nlast', totalLines: 4 });
  });

  it('counts lines as an editor does', async () => {
    const { files, worktree } = await setUpFiles();
    for (const [text, lines] of [
      ['', 0],
      ['\n', 1],
      ['a', 1],
      ['a\n', 1],
      ['a\n\n', 2],
      ['a\nb', 2],
    ] as const) {
      await writeFile(join(worktree, 'a.txt'), text);
      expect((await valueOf(files.read('a.txt'))).totalLines).toBe(lines);
    }
  });

  it('gives any range as cutting the text by lines would', async () => {
    const { files, worktree } = await setUpFiles();
    const line = fc.oneof(fc.constantFrom('', '\r', 'x'), fc.string({ unit: 'grapheme', maxLength: 5 }));
    const text = fc
      .array(
        line.map((part) => part.replaceAll(/[\n\0]/g, '')),
        { maxLength: 12 },
      )
      .map((all) => all.join('\n'));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 1, max: 14 }),
        fc.nat({ max: 14 }),
        async (content, from, length) => {
          await writeFile(join(worktree, 'a.txt'), content);
          const lines = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
          const result = await files.read('a.txt', from, from + length);
          if (from > Math.max(lines.length, 1)) expect(result.ok).toBe(false);
          else
            expect(result).toMatchObject({
              ok: true,
              value: { text: lines.slice(from - 1, from + length).join('') },
            });
        },
      ),
    );
  });

  it('says when a range makes no sense', async () => {
    const { files } = await setUpFiles();
    await valueOf(files.write('a.txt', 'a\nb\n'));
    expect(await messageOf(files.read('a.txt', 3))).toBe('"a.txt" has 2 lines; line 3 is beyond its end.');
    expect(await messageOf(files.read('a.txt', 2, 1))).toMatch(/comes before/);
  });

  it('takes large files by ranges only, and enormous ones not at all', async () => {
    const { files, worktree } = await setUpFiles();
    await writeFile(join(worktree, 'big.txt'), '0123456789\n'.repeat(300_000));
    expect(await messageOf(files.read('big.txt'))).toMatch(/3\.1 MiB long\. Read a range of lines/);
    expect(await messageOf(files.readWhole('big.txt'))).toMatch(/Read a range/);
    expect(await valueOf(files.read('big.txt', 299_999, 300_000))).toEqual({
      text: '0123456789\n0123456789\n',
      totalLines: 300_000,
    });
    expect(await messageOf(files.read('big.txt', 1, 250_000))).toMatch(/too long\. Read fewer/);
    await writeFile(join(worktree, 'huge.txt'), '');
    await truncate(join(worktree, 'huge.txt'), 100 * 1024 * 1024);
    expect(await messageOf(files.read('huge.txt', 1, 2))).toMatch(/too large to read/);
  });

  it('refuses what is not UTF-8 text', async () => {
    const { files, worktree } = await setUpFiles();
    await writeFile(join(worktree, 'a.bin'), Buffer.from([1, 0, 2]));
    await writeFile(join(worktree, 'euc-kr.txt'), Buffer.from([0xc7, 0xd1, 0xb1, 0xdb]));
    expect(await messageOf(files.read('a.bin'))).toMatch(/is a binary file/);
    expect(await messageOf(files.readWhole('euc-kr.txt'))).toMatch(/not UTF-8.*iconv/);
    expect(await messageOf(files.read('nowhere.txt'))).toMatch(/does not exist\. Use list_files/);
  });
});

describe('list', () => {
  it('names every file below a folder but git’s and those of installed packages', async () => {
    const { files, worktree } = await setUpFiles();
    for (const name of [
      'b.txt',
      'src/a.ts',
      'src/deep/c.ts',
      '.github/x.yml',
      '.git/config',
      'sub/.git/config',
    ]) {
      await mkdir(join(worktree, name, '..'), { recursive: true });
      await writeFile(join(worktree, name), '');
    }
    await mkdir(join(worktree, 'node_modules', 'x'), { recursive: true });
    await writeFile(join(worktree, 'node_modules', 'x', 'index.js'), '');
    const all = ['.github/x.yml', 'b.txt', 'node_modules/', 'src/a.ts', 'src/deep/c.ts'];
    expect(await valueOf(files.list('.', 100))).toEqual({ files: all, truncated: false });
    expect(await valueOf(files.list('', 100))).toEqual({ files: all, truncated: false });
    expect((await valueOf(files.list('src', 100))).files).toEqual(['src/a.ts', 'src/deep/c.ts']);
    expect((await valueOf(files.list('node_modules', 100))).files).toEqual(['node_modules/x/index.js']);
    expect((await valueOf(files.list('src/a.ts', 100))).files).toEqual(['src/a.ts']);
    expect(await messageOf(files.list('nowhere', 100))).toMatch(/does not exist/);
  });

  it('folds deep folders when there is too much', async () => {
    const { files } = await setUpFiles();
    for (let n = 0; n < 6; n += 1) await valueOf(files.write(`src/deep/${n}.ts`, ''));
    await valueOf(files.write('src/a.ts', ''));
    await valueOf(files.write('b.txt', ''));
    expect(await valueOf(files.list('.', 5))).toEqual({
      files: ['b.txt', 'src/a.ts', 'src/deep/'],
      truncated: true,
    });
    expect(await valueOf(files.list('.', 2))).toEqual({ files: ['b.txt', 'src/'], truncated: true });
    expect(await valueOf(files.list('.', 1))).toEqual({ files: ['b.txt'], truncated: true });
  });

  it('never gives more than the limit, and all of it when it fits', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (paths, limit) => {
          const result = overview(paths, limit);
          expect(result.files.length).toBeLessThanOrEqual(limit);
          expect(result.truncated).toBe(paths.length > limit);
          if (!result.truncated) expect(result.files).toEqual([...paths].sort());
        },
      ),
    );
  });

  it('passes over a folder it may not enter, and stops at a depth', async () => {
    const { files, worktree } = await setUpFiles();
    await valueOf(files.write('open/a.txt', ''));
    await mkdir(join(worktree, 'closed'));
    await chmod(join(worktree, 'closed'), 0);
    expect((await valueOf(files.list('.', 10))).files).toEqual(['open/a.txt']);
    await valueOf(files.write(`${'d/'.repeat(80)}x`, ''));
    expect(await valueOf(files.list('.', 10))).toEqual({ files: ['open/a.txt'], truncated: true });
  });
});

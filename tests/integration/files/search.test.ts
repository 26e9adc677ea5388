import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { searchFiles } from '../../../src/main/infra/files/search.ts';
import { watchLoop } from '../../support/loop-hold.ts';
import { messageOf, setUpFiles, valueOf } from './harness.ts';

const never = new AbortController().signal;

describe('search', () => {
  it('answers path:line: text in order, for a folder or a file', async () => {
    const { files, worktree } = await setUpFiles();
    await valueOf(files.write('b.txt', 'no\r\nfunction one() {}\r\n'));
    await valueOf(files.write('src/a.ts', 'function two() {}\nlast function'));
    await writeFile(join(worktree, 'x.bin'), Buffer.from('function\0'));
    expect(await valueOf(files.search('func\\w+', '.', 10, never))).toEqual({
      matches: ['b.txt:2: function one() {}', 'src/a.ts:1: function two() {}', 'src/a.ts:2: last function'],
      truncated: false,
    });
    expect((await valueOf(files.search('FUNCTION', '.', 10, never))).matches).toEqual([]);
    expect((await valueOf(files.search('(?i)FUNCTION', 'src', 10, never))).matches).toHaveLength(2);
    expect((await valueOf(files.search('one', 'b.txt', 10, never))).matches).toEqual([
      'b.txt:2: function one() {}',
    ]);
    expect((await valueOf(files.search('^$|한글', 'b.txt', 10, never))).matches).toEqual(['b.txt:3: ']);
  });

  it('stops at the limit and says so', async () => {
    const { files } = await setUpFiles();
    for (let n = 0; n < 5; n += 1) await valueOf(files.write(`${n}.txt`, 'x\nx\n'));
    expect(await valueOf(files.search('x', '.', 3, never))).toEqual({
      matches: ['0.txt:1: x', '0.txt:2: x', '1.txt:1: x'],
      truncated: true,
    });
    expect((await valueOf(files.search('x', '.', 10, never))).truncated).toBe(false);
  });

  it('shows a long line around its match', async () => {
    const { files } = await setUpFiles();
    await valueOf(files.write('min.js', `${'a'.repeat(5000)}needle${'b'.repeat(5000)}`));
    const [line = ''] = (await valueOf(files.search('needle', '.', 10, never))).matches;
    expect(line).toMatch(/^min\.js:1: …a{100}needleb+…$/);
    expect(line.length).toBeLessThan(320);
  });

  it('says what is wrong with a pattern', async () => {
    const { files } = await setUpFiles();
    expect(await messageOf(files.search('foo(', '.', 10, never))).toMatch(
      /no valid regular expression\. Escape/,
    );
    expect(await messageOf(files.search('x'.repeat(1001), '.', 10, never))).toMatch(/longer than 1000/);
  });

  it('ends a pattern that backtracks without end, without holding up the process', async () => {
    const { files, worktree } = await setUpFiles();
    await valueOf(files.write('evil.txt', `${'a'.repeat(50)}!`));
    const walked = [{ path: 'evil.txt', isFolder: false, isRegular: true }];
    const loop = watchLoop();
    await expect(searchFiles(worktree, walked, '^(a+)+$', 10, never, 500)).rejects.toThrow(/took too long/);
    expect(loop.stop().medianMs).toBeLessThan(20);
    const abort = new AbortController();
    const reason = new Error('canceled');
    const searching = files.search('^(a+)+$', '.', 10, abort.signal);
    abort.abort(reason);
    await expect(searching).rejects.toBe(reason);
  });
});

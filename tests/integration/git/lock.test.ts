import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocks } from '../../../src/main/infra/git/lock.ts';
import { setUp } from './harness.ts';

const nothing = (): undefined => undefined;

describe('locks', () => {
  it('let one holder in at a time, in order, and are gone afterwards', async () => {
    const { folder } = await setUp();
    const locks = createLocks(folder);
    const other = createLocks(folder);
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} in`);
      await readdir(folder);
      seen.push(`${name} out`);
    };
    await Promise.all([
      locks.hold('x', undefined, nothing, work('a')),
      locks.hold('x', undefined, nothing, work('b')),
      other.hold('x', undefined, nothing, work('c')),
    ]);
    for (let at = 0; at < seen.length; at += 2) {
      expect(seen[at + 1]).toBe(seen[at]?.replace('in', 'out'));
    }
    expect(seen).toHaveLength(6);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are given back when the work fails', async () => {
    const { folder } = await setUp();
    const locks = createLocks(folder);
    const boom = new Error('boom');
    await expect(locks.hold('x', undefined, nothing, () => Promise.reject(boom))).rejects.toBe(boom);
    expect(await locks.hold('x', undefined, nothing, () => Promise.resolve(1))).toBe(1);
  });

  it.each([
    ['of a process that is gone', () => `${deadPid()} 1`],
    ['of an earlier process with the same number', () => `${process.pid} 1`],
    ['without an owner', () => null],
  ])('%s are taken over', async (_name, owner) => {
    const { folder } = await setUp();
    await mkdir(join(folder, 'x'));
    const text = owner();
    if (text !== null) await writeFile(join(folder, 'x', 'owner'), text);
    expect(await createLocks(folder).hold('x', undefined, nothing, () => Promise.resolve('in'))).toBe('in');
    expect(await readdir(folder)).toEqual([]);
  });

  it('stop waiting when aborted, without disturbing the holder', async () => {
    const { folder } = await setUp();
    const locks = createLocks(folder);
    const other = createLocks(folder);
    const abort = new AbortController();
    const reason = new Error('canceled');
    await locks.hold('x', undefined, nothing, async () => {
      const here = locks.hold('x', abort.signal, nothing, () => Promise.resolve());
      const there = other.hold(
        'x',
        abort.signal,
        () => abort.abort(reason),
        () => Promise.resolve(),
      );
      await expect(here).rejects.toBe(reason);
      await expect(there).rejects.toThrow();
      expect(await readdir(folder)).toEqual(['x']);
    });
  });
});

/** Number of a process that has ended. */
const deadPid = (): string => execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();

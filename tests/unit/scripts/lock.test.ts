import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, startTime, withLock } from '../../../scripts/lib/lock.mjs';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the set-up lock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, work)));
    expect(most).toBe(1);
  });

  it('takes over from a holder that died', async () => {
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
    expect(await withLock(file, async () => 'done')).toBe('done');
  });

  it('says once who holds it, and is free again after a failure', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const waited: number[] = [];
    let release = (): void => undefined;
    const first = withLock(file, () => new Promise<void>((resolve) => (release = resolve)));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    const second = withLock(
      file,
      async () => undefined,
      (pid) => {
        waited.push(pid);
        release();
      },
    );
    await Promise.all([first, second]);
    expect(waited).toEqual([process.pid]);
  });
});

describe.runIf(process.platform === 'linux')('a holder', () => {
  it('is dead when its process id was given to another process', () => {
    expect(isAlive({ pid: process.pid, startedAt: startTime(process.pid) })).toBe(true);
    expect(isAlive({ pid: process.pid, startedAt: '1' })).toBe(false);
  });
});

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/main/app/ports/store.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { jobRecord, openStore, startPeer, temporaryFolder } from './support.ts';

const newPath = (): string => join(temporaryFolder(), 'jobs.db');

function expectRefused(path: string, message: RegExp): void {
  const before = readFileSync(path);
  const opened = createSqliteStore({ path });
  expect(opened).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  expect(opened.ok ? '' : opened.error.message).toMatch(message);
  expect(opened.ok ? '' : opened.error.message).not.toMatch(/\n/);
  expect(readFileSync(path).equals(before)).toBe(true);
}

/** A database of 200 jobs in one file without a -wal, with its size in bytes. */
function closedDatabase(): { path: string; size: number } {
  const path = newPath();
  const store = openStore(path);
  store.transaction(({ jobs }) => {
    for (let n = 0; n < 200; n += 1) jobs.insert(jobRecord(`job-${n}`, { goal: 'x'.repeat(2000) }));
  });
  store.close();
  return { path, size: statSync(path).size };
}

describe('opening', () => {
  it('creates folder and file for this user alone', () => {
    const path = join(temporaryFolder(), 'a b', '한국어', "it's.db");
    const store = openStore(path);
    store.transaction((tables) => tables.values.set('a', 1));
    const modes = [dirname(path), path, `${path}-wal`, `${path}-shm`].map(
      (name) => statSync(name).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  it('takes what others may read of an existing file away', () => {
    const { path } = closedDatabase();
    chmodSync(path, 0o644);
    openStore(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('writes through to the disk in WAL', () => {
    const path = newPath();
    openStore(path).transaction((tables) => tables.values.set('a', 1));
    const other = new Database(path, { readonly: true });
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    other.close();
  });

  it('refuses a file that is no database', () => {
    const path = newPath();
    writeFileSync(path, 'these are my notes, do not overwrite them\n'.repeat(100));
    expectRefused(path, /damaged or not a database.*restore a copy/);
  });

  it('refuses a file that was cut off', () => {
    const { path, size } = closedDatabase();
    truncateSync(path, Math.floor(size / 2));
    expectRefused(path, /damaged/);
  });

  it('refuses a file whose table was overwritten', () => {
    const { path, size } = closedDatabase();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, size);
    writeFileSync(path, bytes);
    expectRefused(path, /damaged/);
  });

  it('refuses a database of another program', () => {
    const path = newPath();
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE notes (text)');
    foreign.close();
    expectRefused(path, /another program.*DEV_CREW_DB_PATH/);
  });

  it('refuses a path that is a folder, or below a file', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'jobs.db'));
    for (const path of [join(folder, 'jobs.db'), join(file, 'jobs.db')]) {
      const message = /cannot be at .*: choose another path/;
      expect(createSqliteStore({ path })).toMatchObject({
        ok: false,
        error: { code: 'unavailable', message: expect.stringMatching(message) as string },
      });
    }
    expect(statSync(join(folder, 'jobs.db')).mode & 0o777).toBe(0o755);
  });

  it('refuses a folder and a file that this user may not write, and says so', async () => {
    const folder = temporaryFolder();
    const { path } = closedDatabase();
    const asRoot = process.getuid?.() === 0;
    // Root may write anywhere, so the peer is nobody.
    const nobody = asRoot ? 65_534 : undefined;
    if (nobody !== undefined) chownSync(path, nobody, nobody);
    chmodSync(folder, 0o555);
    for (const refused of [join(folder, 'jobs.db'), path]) {
      chmodSync(dirname(refused), 0o555);
      const peer = startPeer('peer.ts', ['open', refused], nobody);
      expect(await peer.line()).toMatch(/^unavailable: .*cannot be written: make the file and its folder/);
      expect(await peer.exited()).toBe(0);
      chmodSync(dirname(refused), 0o755);
    }
  });
});

describe('damage found later', () => {
  it('surfaces as StoreUnavailable, not as a defect', () => {
    const { path, size } = closedDatabase();
    // The first pages stay whole, so opening does not notice.
    const bytes = readFileSync(path);
    const middle = Math.floor(size / 2 / 4096) * 4096;
    bytes.fill(0xa5, middle, middle + 8 * 4096);
    writeFileSync(path, bytes);
    const store = openStore(path);
    const readAll = (): void => {
      for (let n = 0; n < 200; n += 1) store.tables.jobs.get(`job-${n}`);
    };
    expect(readAll).toThrow(StoreUnavailable);
    expect(readAll).toThrow(/damaged/);
  });
});

/** A file system of 3 MB in a mount namespace of the process's own. */
const smallDisk = ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"', 'sh'];
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!canMount)('a full disk (needs root on Linux to mount one)', () => {
  it.each([['a'], ['a,b,c']])(
    'refuses the commit of %s, keeps all earlier ones, goes on with room',
    (jobs) => {
      const folder = temporaryFolder();
      const script = join(import.meta.dirname, 'full-disk.ts');
      const run = spawnSync('unshare', [...smallDisk, folder, process.execPath, script, folder, jobs], {
        encoding: 'utf8',
      });
      expect(run.stderr).toBe('');
      const [refusals = [], kept = [], next] = run.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' | '));
      const count = jobs.split(',').length;
      expect(refusals).toHaveLength(count);
      for (const refusal of refusals) {
        expect(refusal).toMatch(/^StoreUnavailable: The disk that holds .* is full: free some space/);
      }
      // All of a shared commit or nothing of it.
      expect(new Set(kept).size).toBe(1);
      expect(Number(kept[0])).toBeGreaterThan(10);
      expect(next).toEqual(kept.map((version) => String(Number(version) + 1)));
    },
  );
});

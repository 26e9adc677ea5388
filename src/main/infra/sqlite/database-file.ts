import { accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { busyTimeoutMs } from './store-failure.ts';

/** Marks a file as a Dev Crew database ("DCrw"), so that one of another program is never written to. */
export const applicationId = 0x44437277;

/** Creates the file (0600) and its folder (0700) where they are missing. Throws a system error where it cannot. */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isFile() === false) throw new NotAFile();
  // SQLite gives its -wal and -shm files the mode of the database file.
  if (existing === undefined) closeSync(openSync(path, 'a', 0o600));
  else if ((existing.mode & 0o077) !== 0) chmodIfOwned(path);
  accessSync(path, constants.R_OK | constants.W_OK);
  accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
}

/** A folder or device stands where the file should be. */
class NotAFile extends Error {
  readonly code = 'EISDIR';
}

function chmodIfOwned(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // Another owner's file that we may still be allowed to use: the access check after this decides.
  }
}

/**
 * Opens the file and reads of every table what a damaged file is noticed by (a full check would read all of it).
 * Writes nothing: a file that is not a Dev Crew database stays as it is.
 */
export function openForReading(path: string): Database.Database {
  const db = new Database(path, { timeout: busyTimeoutMs });
  try {
    const tables = db
      .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
      .all();
    for (const { name } of tables) {
      db.prepare(`SELECT * FROM "${name.replaceAll('"', '""')}" ORDER BY rowid DESC LIMIT 1`).get();
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** WAL with an fsync at each commit: better-sqlite3 is built with NORMAL, which may lose commits with the power. */
export function configure(db: Database.Database): void {
  const expect = (pragma: string, wanted: unknown): void => {
    db.pragma(pragma);
    const name = pragma.split(' ')[0] ?? pragma;
    const actual = db.pragma(name, { simple: true });
    if (actual !== wanted) {
      throw new UnsupportedDisk(`${name} is ${String(actual)} instead of ${String(wanted)}`);
    }
  };
  expect('journal_mode = WAL', 'wal');
  expect('synchronous = FULL', 2);
  expect('foreign_keys = ON', 1);
  expect(`busy_timeout = ${busyTimeoutMs}`, busyTimeoutMs);
  expect('trusted_schema = OFF', 0);
  // Pages (16 MiB): a job's pages change with each of its steps, and are written into the database but once this way.
  expect('wal_autocheckpoint = 4000', 4000);
  // macOS only: fsync alone does not reach the disk there.
  db.pragma('fullfsync = ON');
}

/** A file system that cannot do what the store promises (for example a network folder without shared memory). */
export class UnsupportedDisk extends Error {}

import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a commit is when nothing but the commit is done: one small row, WAL, an fsync each (synchronous FULL). */
export interface BareCommits {
  /** Commits a second over `count` of them. */
  rate(count: number): number;
  close(): void;
}

export function openBareCommits(folder: string): BareCommits {
  const path = join(folder, 'bare.db');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO bare (text) VALUES (?)');
  const text = 'x'.repeat(200);
  return {
    rate: (count) => {
      const startedAt = performance.now();
      for (let n = 0; n < count; n += 1) insert.run(text);
      return count / ((performance.now() - startedAt) / 1000);
    },
    close: () => {
      db.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    },
  };
}

const walHeaderBytes = 32;
const frameHeaderBytes = 24;

/**
 * Commits that a WAL holds: a frame that ends one says in its second word how many pages the database then has
 * (https://sqlite.org/fileformat2.html#walformat). Frames of before the last restart of the WAL have another salt.
 */
export function commitsIn(walPath: string): number {
  const file = openSync(walPath, 'r');
  try {
    const header = Buffer.alloc(walHeaderBytes);
    if (readSync(file, header, 0, walHeaderBytes, 0) < walHeaderBytes) return 0;
    const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
    const frame = Buffer.alloc(frameHeaderBytes);
    let commits = 0;
    for (let at = walHeaderBytes; at + frameBytes <= statSync(walPath).size; at += frameBytes) {
      readSync(file, frame, 0, frameHeaderBytes, at);
      if (frame.compare(header, 16, 24, 8, 16) !== 0) break;
      if (frame.readUInt32BE(4) !== 0) commits += 1;
    }
    return commits;
  } finally {
    closeSync(file);
  }
}

import type BetterSqlite3 from 'better-sqlite3';
import { asStoreFailure, busyTimeoutMs, isBusy } from './store-failure.ts';

/** A statement that reads. Prepared at its first use, then kept. */
export interface Query<P extends unknown[], R> {
  get(...params: P): R | undefined;
  all(...params: P): R[];
}

/** A statement that writes; refuses to run outside of a transaction. */
export interface Command<P extends unknown[]> {
  run(...params: P): { changes: number; lastId: number };
}

/**
 * One open database for the table modules: typed statements, and disk trouble turned into `StoreUnavailable`.
 * The row types are trusted, because STRICT tables hold only what these modules wrote.
 */
export interface Connection {
  query<P extends unknown[], R>(sql: string): Query<P, R>;
  command<P extends unknown[]>(sql: string): Command<P>;
  transaction<T>(work: () => T): T;
  /** Inside of a transaction: what `work` wrote is undone, and nothing else, when it throws. Savepoints do not nest. */
  savepoint<T>(work: () => T): T;
  /** True when no process is in the middle of a write. Does not wait. */
  isIdle(): boolean;
}

export function createConnection(db: BetterSqlite3.Database, path: string): Connection {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asStoreFailure(error, path);
    }
  };
  return {
    query: <P extends unknown[], R>(sql: string): Query<P, R> => {
      const statement = lazily(() => db.prepare<P, R>(sql));
      return {
        get: (...params) => guarded(() => statement().get(...params)),
        all: (...params) => guarded(() => statement().all(...params)),
      };
    },
    command: <P extends unknown[]>(sql: string): Command<P> => {
      const statement = lazily(() => db.prepare<P>(sql));
      return {
        run: (...params) => {
          if (!db.inTransaction) throw new Error(`write outside of a transaction: ${sql}`);
          const result = guarded(() => statement().run(...params));
          return { changes: result.changes, lastId: Number(result.lastInsertRowid) };
        },
      };
    },
    transaction: createTransaction(db, guarded),
    savepoint: createSavepoint(db, guarded),
    isIdle: createIdleProbe(db),
  };
}

/** BEGIN IMMEDIATE takes the write lock first, so that what `work` reads cannot change before it commits. */
function createTransaction(
  db: BetterSqlite3.Database,
  guarded: <T>(work: () => T) => T,
): <T>(work: () => T) => T {
  const begin = lazily(() => db.prepare('BEGIN IMMEDIATE'));
  const commit = lazily(() => db.prepare('COMMIT'));
  const rollback = lazily(() => db.prepare('ROLLBACK'));
  return (work) => {
    // Joining the outer one would make the inner one's rollback a lie.
    if (db.inTransaction) throw new Error('a transaction inside a transaction');
    guarded(() => begin().run());
    try {
      const value = work();
      guarded(() => commit().run());
      return value;
    } catch (error) {
      // SQLite has already rolled back by itself after a full disk or a read error.
      if (db.inTransaction) rollback().run();
      throw error;
    }
  };
}

function createSavepoint(
  db: BetterSqlite3.Database,
  guarded: <T>(work: () => T) => T,
): <T>(work: () => T) => T {
  const begin = lazily(() => db.prepare('SAVEPOINT unit'));
  const release = lazily(() => db.prepare('RELEASE unit'));
  const rollback = lazily(() => db.prepare('ROLLBACK TO unit'));
  return (work) => {
    // Outside of a transaction a savepoint would begin one, which its release would commit.
    if (!db.inTransaction) throw new Error('a savepoint outside of a transaction');
    guarded(() => begin().run());
    try {
      const value = work();
      guarded(() => release().run());
      return value;
    } catch (error) {
      // SQLite has already rolled back everything by itself after a full disk or a read error.
      if (db.inTransaction) {
        rollback().run();
        release().run();
      }
      throw error;
    }
  };
}

/** Takes the write lock and gives it back at once; it is free when nobody else is writing. */
function createIdleProbe(db: BetterSqlite3.Database): () => boolean {
  const noWait = lazily(() => db.prepare('PRAGMA busy_timeout = 0'));
  const wait = lazily(() => db.prepare(`PRAGMA busy_timeout = ${busyTimeoutMs}`));
  const begin = lazily(() => db.prepare('BEGIN IMMEDIATE'));
  const end = lazily(() => db.prepare('ROLLBACK'));
  return () => {
    noWait().get();
    try {
      begin().run();
      end().run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      wait().get();
    }
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

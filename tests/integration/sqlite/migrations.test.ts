import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { migrations } from '../../../src/main/infra/sqlite/migrations.ts';
import { jobRecord, openStore, temporaryFolder } from './support.ts';

const released = migrations.length;

function databaseWithJob(): string {
  const path = join(temporaryFolder(), 'jobs.db');
  const store = openStore(path);
  store.transaction(({ jobs }) => jobs.insert(jobRecord('a')));
  store.close();
  return path;
}

/** Opens a file without the store, for what the store would not do. */
function raw<T>(path: string, work: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const versionOf = (path: string): unknown => raw(path, (db) => db.pragma('user_version', { simple: true }));

describe('migrations', () => {
  it('bring a database forward on a copy-safe backup', () => {
    const path = databaseWithJob();
    const store = openStore(path, {
      migrations: [
        ...migrations,
        'ALTER TABLE jobs ADD COLUMN note TEXT',
        'CREATE TABLE more (a TEXT) STRICT',
      ],
    });
    expect(store.tables.jobs.get('a')?.goal).toBe(jobRecord('a').goal);
    store.close();
    expect(versionOf(path)).toBe(released + 2);
    const backup = `${path}.backup-v${released}`;
    expect(versionOf(backup)).toBe(released);
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(raw(backup, (db) => db.prepare('SELECT job_id FROM jobs').pluck().all())).toEqual(['a']);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('partial'))).toEqual([]);
    // The backup is a database like any other.
    expect(openStore(backup).tables.jobs.get('a')).not.toBeNull();
  });

  it('make no backup of a new or current database', () => {
    const path = databaseWithJob();
    openStore(path).close();
    expect(readdirSync(dirname(path))).toEqual(['jobs.db']);
  });

  it('happen as a whole or not at all', () => {
    const path = databaseWithJob();
    const steps = [
      ...migrations,
      'CREATE TABLE more (a TEXT) STRICT',
      'INSERT INTO no_such_table VALUES (1)',
    ];
    const failed = createSqliteStore({ path, migrations: steps });
    expect(failed).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(versionOf(path)).toBe(released);
    expect(
      raw(path, (db) => db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'more'`).get()),
    ).toBeUndefined();
    expect(existsSync(`${path}.backup-v${released}`)).toBe(true);
    expect(openStore(path).tables.jobs.get('a')).not.toBeNull();
  });

  it('that break a foreign key are taken back', () => {
    const path = databaseWithJob();
    const breaking = `INSERT INTO plans VALUES ('nobody', 1, '{}', 1)`;
    const failed = createSqliteStore({ path, migrations: [...migrations, breaking] });
    expect(failed.ok ? '' : failed.error.message).toMatch(/foreign key/);
    expect(versionOf(path)).toBe(released);
  });

  it('are never undone: a newer database is refused by its version, untouched', () => {
    const path = databaseWithJob();
    openStore(path, { migrations: [...migrations, 'CREATE TABLE more (a TEXT) STRICT'] }).close();
    const refused = createSqliteStore({ path });
    expect(refused.ok ? '' : refused.error.message).toMatch(
      new RegExp(
        `has version ${released + 1}, and this Dev Crew knows versions up to ${released}: start the newer`,
      ),
    );
    expect(versionOf(path)).toBe(released + 1);
  });
});

describe('append-only tables', () => {
  it('refuse to change or delete what was recorded', () => {
    const path = databaseWithJob();
    const store = openStore(path);
    store.transaction((tables) => {
      tables.events.append('a', [{ version: 1, atMs: 1, state: 'received', message: 'm', metadata: {} }]);
      tables.audit.append([{ at: 'now', job_id: 'a', category: 'job', action: 'created', metadata: {} }]);
    });
    raw(path, (db) => {
      for (const table of ['audit', 'job_events']) {
        expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/);
        expect(() => db.exec(`UPDATE ${table} SET metadata = '{}'`)).toThrow(/append-only/);
      }
    });
  });
});

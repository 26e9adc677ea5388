import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { fail, ok, type Result } from '../../../shared/errors.ts';
import Database from 'better-sqlite3';
import { applicationId } from './database-file.ts';

const userVersion = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));

/** Can this version of the app use the file; says what to do where it cannot. Only reads. */
export function checkVersion(db: Database.Database, path: string, known: number): Result<null> {
  const version = userVersion(db);
  const isOurs = db.pragma('application_id', { simple: true }) === applicationId;
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isOurs && !isEmpty) {
    return fail(
      'unavailable',
      `The file ${path} is a database of another program; it was left as it is: move it away, or set DEV_CREW_DB_PATH to another path`,
    );
  }
  if (version > known) {
    return fail(
      'unavailable',
      `The database ${path} has version ${version}, and this Dev Crew knows versions up to ${known}: start the newer Dev Crew, or set DEV_CREW_DB_PATH to another path`,
    );
  }
  return ok(null);
}

/**
 * Brings the database to the newest version in one transaction, after a copy of an existing one. Two processes may
 * start at once: the second one finds the work done. Returns the path of the copy, null when there was none to make.
 */
export function migrate(
  db: Database.Database,
  path: string,
  migrations: readonly string[],
): { backup: string | null } {
  const before = userVersion(db);
  if (before === migrations.length) return { backup: null };
  const backup = before === 0 ? null : backUp(db, path, before);
  // Changing tables as SQLite advises: constraints are checked at the end, as a whole.
  db.pragma('foreign_keys = OFF');
  db.exec('BEGIN IMMEDIATE');
  try {
    const steps = migrations.slice(userVersion(db));
    for (const step of steps) db.exec(step);
    if (steps.length > 0) {
      const broken = db.pragma('foreign_key_check');
      if (Array.isArray(broken) && broken.length > 0) throw new Error('a migration broke a foreign key');
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${migrations.length}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  } finally {
    db.pragma('foreign_keys = ON');
  }
  return { backup };
}

/**
 * A consistent copy at `<path>.backup-v<version>`, made by SQLite while others may write. It gets its name only when it
 * is whole and still of that version (another process may have migrated in the meantime).
 */
function backUp(db: Database.Database, path: string, version: number): string | null {
  const target = `${path}.backup-v${version}`;
  const partial = `${target}.${process.pid}.partial`;
  rmSync(partial, { force: true });
  // Made here, because SQLite would make it readable for others; it accepts an empty file.
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    if (versionOf(partial) !== version) return null;
    renameSync(partial, target);
    return target;
  } finally {
    if (existsSync(partial)) rmSync(partial, { force: true });
  }
}

function versionOf(path: string): number {
  const copy = new Database(path, { readonly: true });
  try {
    return userVersion(copy);
  } finally {
    copy.close();
  }
}

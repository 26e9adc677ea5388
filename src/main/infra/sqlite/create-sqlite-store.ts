import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { err, ok, type AppError, type Result } from '../../../shared/errors.ts';
import type { Store, Tables } from '../../app/ports/store.ts';
import type { Log } from '../../app/ports/system.ts';
import { createAccountsTable } from './accounts-table.ts';
import { createAuditTable } from './audit-table.ts';
import { createConnection, type Connection } from './connection.ts';
import { configure, openForReading, prepareFile, UnsupportedDisk } from './database-file.ts';
import { createEscalationsTable } from './escalations-table.ts';
import { createEventsTable } from './events-table.ts';
import { watchForeignCommits } from './foreign-commits.ts';
import { createGroupCommit } from './group-commit.ts';
import { createJobsTable } from './jobs-table.ts';
import { createLedgerTable } from './ledger-table.ts';
import { createLoginsTable } from './logins-table.ts';
import { checkVersion, migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { createPlansTable } from './plans-table.ts';
import { createQueueTable } from './queue-table.ts';
import { createReceiptsTable } from './receipts-table.ts';
import { createReportsTable } from './reports-table.ts';
import { createSandboxRunsTable } from './sandbox-runs-table.ts';
import { createSecretsTable } from './secrets-table.ts';
import { describeFailure } from './store-failure.ts';
import { createTasksTable } from './tasks-table.ts';
import { createTranscriptTable } from './transcript-table.ts';
import { createUsageTable } from './usage-table.ts';
import { createValuesTable } from './values-table.ts';

export interface SqliteStoreOptions {
  /** Path of the database file; it and its folder are created where missing. */
  path: string;
  log?: Log;
  /** Schema steps; only tests give others than the app's own. */
  migrations?: readonly string[];
}

/**
 * Opens or creates the database. Every reason of the disk or the file not to is an `unavailable` error that says what
 * to do, and leaves an existing file as it was. Several processes may have the same file open.
 */
export function createSqliteStore(options: SqliteStoreOptions): Result<Store> {
  // better-sqlite3 trims the name that it opens, so everything else must as well.
  const path = resolve(options.path.trim());
  const steps = options.migrations ?? migrations;
  let db: Database.Database | null = null;
  try {
    prepareFile(path);
    db = openForReading(path);
    const usable = checkVersion(db, path, steps.length);
    if (!usable.ok) {
      db.close();
      return usable;
    }
    configure(db);
    const { backup } = migrate(db, path, steps);
    if (backup !== null) options.log?.info('database migrated', { backup, version: steps.length });
  } catch (error) {
    db?.close();
    return err(openingError(error, path));
  }
  return ok(assemble(db, path, options.log));
}

function openingError(error: unknown, path: string): AppError {
  if (error instanceof UnsupportedDisk) {
    const advice = 'put it on a local disk';
    return {
      code: 'unavailable',
      message: `The database cannot be kept safely at ${path} (${error.message}): ${advice}`,
    };
  }
  const failure = describeFailure(error, path);
  if (failure !== null) return failure;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'unavailable',
    message: `The database ${path} could not be opened: ${reason}; it was left as it is`,
  };
}

function assemble(db: Database.Database, path: string, log: Log | undefined): Store {
  const connection = createConnection(db, path);
  const tables = createTables(connection);
  const group = createGroupCommit(connection);
  const dataVersion = connection.query<[], { data_version: number }>('PRAGMA data_version');
  const stops = new Set<() => void>();
  return {
    tables,
    transaction: (work) => connection.transaction(() => work(tables)),
    commit: (work) => group.commit(() => work(tables)),
    onForeignCommit: (listener) => {
      const onTrouble = (message: string, error: Error): void => log?.warn(message, { error: error.message });
      const { isIdle } = connection;
      const stopWatching = watchForeignCommits({ path, dataVersion, isIdle, onTrouble }, listener);
      const stop = (): void => {
        if (stops.delete(stop)) stopWatching();
      };
      stops.add(stop);
      return stop;
    },
    close: () => {
      for (const stop of [...stops]) stop();
      group.flush();
      db.close();
    },
  };
}

function createTables(connection: Connection): Tables {
  return {
    jobs: createJobsTable(connection),
    events: createEventsTable(connection),
    queue: createQueueTable(connection),
    receipts: createReceiptsTable(connection),
    plans: createPlansTable(connection),
    tasks: createTasksTable(connection),
    transcript: createTranscriptTable(connection),
    sandboxRuns: createSandboxRunsTable(connection),
    escalations: createEscalationsTable(connection),
    audit: createAuditTable(connection),
    ledger: createLedgerTable(connection),
    usage: createUsageTable(connection),
    reports: createReportsTable(connection),
    values: createValuesTable(connection),
    accounts: createAccountsTable(connection),
    secrets: createSecretsTable(connection),
    logins: createLoginsTable(connection),
  };
}

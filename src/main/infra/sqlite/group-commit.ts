import { StoreUnavailable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export interface GroupCommit {
  /** `Store.commit`. */
  commit<T>(work: () => T): Promise<T>;
  /** Commits what waits, now. Must not throw. */
  flush(): void;
}

/** Handed in and not yet answered. */
interface Unit {
  /** Runs the work; what it returns answers the caller, once the commit is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

/**
 * Units that are handed in during one turn of the event loop share one transaction and so one fsync. Each runs in a
 * savepoint, in the order in which they came, so that one that throws is undone and rejected alone. Nobody is answered
 * before the commit; when it fails for a reason of the disk, everybody is rejected.
 */
export function createGroupCommit(connection: Pick<Connection, 'transaction' | 'savepoint'>): GroupCommit {
  let waiting: Unit[] = [];
  const flush = (): void => {
    const units = waiting;
    waiting = [];
    for (const answer of commitTogether(connection, units)) answer();
  };
  return {
    flush,
    commit: (work) =>
      new Promise((resolve, reject) => {
        const unit: Unit = {
          run: () => {
            const value = work();
            return () => resolve(value);
          },
          reject,
        };
        // Not a microtask: what arrives from sockets and timers in this turn joins.
        if (waiting.push(unit) === 1) setImmediate(flush);
      }),
  };
}

type Answer = () => void;

function commitTogether(connection: Pick<Connection, 'transaction' | 'savepoint'>, units: Unit[]): Answer[] {
  const [only] = units;
  if (only === undefined) return [];
  if (units.length === 1) return [commitAlone(connection, only)];
  try {
    return connection.transaction(() => units.map((unit) => runApart(connection, unit)));
  } catch (error) {
    if (error instanceof StoreUnavailable) return units.map((unit) => () => unit.reject(error));
    // A deferred constraint, which SQLite checks at the commit only and without saying whose it was.
    return units.map((unit) => commitAlone(connection, unit));
  }
}

function commitAlone({ transaction }: Pick<Connection, 'transaction'>, unit: Unit): Answer {
  try {
    return transaction(() => unit.run());
  } catch (error) {
    return () => unit.reject(error);
  }
}

/** Trouble of the disk ends the whole group, for SQLite may have rolled all of it back already. */
function runApart({ savepoint }: Pick<Connection, 'savepoint'>, unit: Unit): Answer {
  try {
    return savepoint(() => unit.run());
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return () => unit.reject(error);
  }
}

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store, Tables } from '../../../src/main/app/ports/store.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { write } from './step.ts';
import { jobRecord, newStore, openStore, temporaryFolder } from './support.ts';

const jobIds = ['a', 'b'] as const;
type Unit = (tables: Tables) => unknown;

/** What the engine's units do, and every way in which one can fail, each after it has written something. */
const units: Record<string, (jobId: string) => Unit> = {
  step: (jobId) => (tables) => write(tables, jobId),
  claim: (jobId) => (tables) => tables.queue.claim(jobId, 10, 10),
  moved: (jobId) => (tables) => tables.jobs.update({ ...jobRecord(jobId), version: 999 }, 998),
  defect: (jobId) => (tables) => {
    write(tables, jobId);
    throw new Error('defect');
  },
  twice: (jobId) => (tables) => {
    const version = write(tables, jobId);
    tables.events.append(jobId, [{ version, atMs: 1, state: 'executing', message: 'again', metadata: {} }]);
  },
  orphan: (jobId) => (tables) => {
    write(tables, jobId);
    tables.queue.enqueue('nobody', 0, 1);
  },
};

function storeWithJobs(): Store {
  const store = newStore();
  store.transaction(({ jobs, queue }) =>
    jobIds.forEach((id) => {
      jobs.insert(jobRecord(id));
      queue.enqueue(id, 0, 1);
    }),
  );
  return store;
}

const everything = ({ tables }: Store): unknown => ({
  jobs: jobIds.map((id) => tables.jobs.get(id)),
  events: tables.events.all(0, 1_000),
  audit: tables.audit.since(0, 1_000),
  leases: tables.queue.leases(11),
});

const outcome = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function oneByOne(store: Store, work: readonly Unit[]): unknown[] {
  return work.map((unit) => {
    try {
      return store.transaction(unit);
    } catch (error) {
      return outcome(error);
    }
  });
}

async function inTurns(store: Store, turns: readonly (readonly Unit[])[]): Promise<unknown[]> {
  const answers: Promise<unknown>[] = [];
  for (const turn of turns) {
    answers.push(...turn.map((unit) => store.commit(unit).catch(outcome)));
    await nextTurn();
  }
  return Promise.all(answers);
}

const turn = fc.array(
  fc.record({ kind: fc.constantFrom(...Object.keys(units)), jobId: fc.constantFrom(...jobIds) }),
  { maxLength: 6 },
);

describe('units that share a commit', () => {
  it('come to what they would come to one by one, whichever of them fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 5, size: 'max' }), async (plan) => {
        const turns = plan.map((chosen) => chosen.map(({ kind, jobId }) => units[kind]!(jobId)));
        const [alone, shared] = [storeWithJobs(), storeWithJobs()];
        expect(await inTurns(shared, turns)).toEqual(oneByOne(alone, turns.flat()));
        expect(everything(shared)).toEqual(everything(alone));
        alone.close();
        shared.close();
      }),
      { numRuns: 40 },
    );
  });

  it('are one commit, seen by others at once, and answered in order after it', async () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const store = openStore(path);
    store.transaction(({ jobs }) => jobIds.forEach((id) => jobs.insert(jobRecord(id))));
    const other = new Database(path, { readonly: true });
    const version = (): unknown => other.pragma('data_version', { simple: true });
    const seen = (): unknown => other.prepare('SELECT count(*) FROM job_events').pluck().get();
    const before = version();
    const answered: string[] = [];
    const commit = async (jobId: string): Promise<void> => {
      await store.commit((tables) => {
        write(tables, jobId);
        expect([version(), seen(), answered]).toEqual([before, 0, []]);
      });
      expect(seen()).toBe(3);
      answered.push(jobId);
    };
    await Promise.all(['b', 'a', 'b'].map(commit));
    expect(answered).toEqual(['b', 'a', 'b']);
    expect(version()).toBe(Number(before) + 1);
    other.close();
  });

  it('are committed by the end of the store, and refused after it', async () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const opened = createSqliteStore({ path });
    if (!opened.ok) throw new Error(opened.error.message);
    const last = opened.value.commit((tables) => tables.values.set('last', 'word'));
    opened.value.close();
    await last;
    await expect(opened.value.commit((tables) => tables.values.set('too', 'late'))).rejects.toThrow();
    const { tables } = openStore(path);
    expect([tables.values.get('last'), tables.values.get('too')]).toEqual(['word', undefined]);
  });
});

/**
 * A second process on a database: `node peer.ts <what> <database> <argument>`. Says what it did line by line, written
 * synchronously, so that a line that was read stands for a commit that is durable.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { step, write } from './step.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';

const [what = '', path = '', argument = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const orders = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

function open(): Store {
  const opened = createSqliteStore({ path });
  if (opened.ok) return opened.value;
  say(`${opened.error.code}: ${opened.error.message}`);
  process.exit(0);
}

const acts: Record<string, (store: Store) => Promise<void> | void> = {
  open: () => say('open'),
  /** One commit for each line of input. */
  commit: async (store) => {
    say('ready');
    while (!(await orders.next()).done) say(String(step(store, argument)));
  },
  /** Commits without end. */
  storm: (store) => {
    for (;;) say(String(step(store, argument)));
  },
  /** Several jobs (`a,b,c`) at once, which share their commits; says `<job> <version>`. */
  together: async (store) => {
    const go = async (jobId: string): Promise<never> => {
      for (;;) say(`${jobId} ${await store.commit((tables) => write(tables, jobId))}`);
    };
    await Promise.all(argument.split(',').map(go));
  },
  /** Stops for ever in the middle of a transaction. */
  half: (store) => {
    step(store, argument);
    step(store, argument, () => {
      say('inside');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  },
  /** Claims until nothing is left, under leases that do not end. */
  claim: async (store) => {
    say('ready');
    await orders.next();
    for (;;) {
      const jobId = store.transaction((tables) => tables.queue.claim(argument, 1_000, 1_000_000));
      if (jobId === null) break;
      say(jobId);
    }
    say('done');
  },
};

const store = open();
await acts[what]?.(store);
store.close();
process.exit(0);

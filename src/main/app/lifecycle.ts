import type { EventBus } from './event-bus.ts';
import { releaseDeadLeases } from './lease-owner.ts';
import type { Store } from './ports/store.ts';
import type { Clock, ProcessFacts } from './ports/system.ts';
import type { Worker } from './worker.ts';

interface Parts {
  store: Store;
  bus: EventBus;
  clock: Clock;
  worker: Worker;
  catalog: { start(): void; stop(): Promise<void> };
  mirror: { poke(): void; close(): Promise<void> };
  accounts: { start(): Promise<void>; stop(): Promise<void> };
  /** Lets waiting jobs go on. */
  waits: { start(): void; stop(): Promise<void> };
  facts: ProcessFacts;
  /** Books the calls of dead processes, of which nobody knows what they came to. */
  settleDead: () => number;
  /** Each removes what dead runs left of jobs that nobody holds; `keep` are the held ones. Never throw. */
  leftovers: readonly ((keep: ReadonlySet<string>) => Promise<unknown>)[];
}

/** Start and stop of the engine. Every start has a stop, in the opposite order; stopping twice is stopping once. */
export function createLifecycle(parts: Parts): { start(): Promise<void>; stop(): Promise<void> } {
  const { store, bus, clock, worker, catalog, mirror } = parts;
  let stopForeign: (() => void) | null = null;
  let stopped: Promise<void> | null = null;
  const stopAll = async (): Promise<void> => {
    stopForeign?.();
    await catalog.stop();
    await parts.waits.stop();
    await worker.stop();
    await parts.accounts.stop();
    await mirror.close();
    store.close();
  };
  return {
    start: async () => {
      stopForeign = store.onForeignCommit(() => bus.wake());
      releaseDeadLeases(store, parts.facts, clock.now());
      parts.settleDead();
      const held = new Set(store.tables.queue.leases(clock.now()).map((lease) => lease.jobId));
      await Promise.all(parts.leftovers.map((remove) => remove(held)));
      // Who quits meanwhile waits for no engine that is slow to answer; nothing may start on the closed store.
      if (stopped !== null) return;
      await parts.accounts.start();
      if (stopped !== null) return;
      mirror.poke();
      worker.start();
      parts.waits.start();
      catalog.start();
    },
    stop: () => (stopped ??= stopAll()),
  };
}

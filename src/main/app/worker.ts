import { isTerminal } from '../../shared/job.ts';
import type { EventBus } from './event-bus.ts';
import { StoreUnavailable, type Store } from './ports/store.ts';
import type { Clock, Log } from './ports/system.ts';

export interface WorkerDeps {
  store: Store;
  bus: EventBus;
  clock: Clock;
  log: Log;
  /** Unique for this process and start; each claim's lease adds a number to it. */
  owner: string;
  leaseMs: number;
  /** Slots; read before each claim, so that a changed setting takes effect. */
  slots: () => number;
  /**
   * Carries a job as far as it goes now. `owner` names the lease and must be given with every commit. Removes the
   * queue row itself when nothing is left to do; must not throw for expected failures.
   */
  runJob: (jobId: string, owner: string, signal: AbortSignal) => Promise<void>;
}

export interface Worker {
  start(): void;
  /** Aborts what runs, waits until it is down and gives the leases back. */
  stop(): Promise<void>;
  running(): readonly string[];
}

interface Run {
  jobId: string;
  owner: string;
  abort: AbortController;
  done: Promise<void>;
}

/** A lease whose run is over; owed until it could be given back. */
interface OwedLease {
  jobId: string;
  owner: string;
  availableAtMs: number;
}

/** How long a job rests whose run ended in a defect that could not even be recorded. */
const defectRestMs = 30_000;
/** How long to wait before the store is tried again that could not be written: a full disk, a locked file. */
const storeRestMs = 2_000;

/**
 * Claims jobs under leases and runs several at once. It sleeps until the queue changes, a job becomes available or a
 * lease ends: it never polls while nothing can have changed.
 */
export function createWorker(deps: WorkerDeps): Worker {
  const running = new Set<Run>();
  const owed: OwedLease[] = [];
  let claims = 0;
  const life = new AbortController();
  const stops: (() => void)[] = [];
  let claiming = false;
  let timer: { atMs: number; abort: AbortController } | null = null;

  const start = (jobId: string, owner: string): void => {
    // A run whose lease ended unnoticed (the machine slept) must be down before the job goes on.
    const stale = [...running].filter((run) => run.jobId === jobId);
    stale.forEach((run) => run.abort.abort(new Error('lease lost')));
    const run: Run = { jobId, owner, abort: new AbortController(), done: Promise.resolve() };
    running.add(run);
    run.done = Promise.all(stale.map(({ done }) => done))
      .then(() => runOne(deps, run))
      .then((restMs) => {
        running.delete(run);
        owed.push({ jobId, owner, availableAtMs: deps.clock.now() + restMs });
        if (life.signal.aborted) attempt('a lease was not given back; it ends by itself', giveBack);
        // A free slot: we claim at this sign ourselves, and those who count running jobs look again.
        else deps.bus.wake();
      });
  };
  const giveBack = (): void => {
    if (owed.length === 0) return;
    deps.store.transaction(({ queue }) =>
      owed.forEach(({ jobId, owner, availableAtMs }) => queue.release(jobId, owner, availableAtMs)),
    );
    owed.length = 0;
  };
  const claim = (): void => {
    if (claiming || life.signal.aborted) return;
    claiming = true;
    const done = attempt('jobs cannot be claimed; trying again', claimFree);
    claiming = false;
    if (!done) wakeAt(deps.clock.now() + storeRestMs);
  };
  const claimFree = (): void => {
    giveBack();
    // A full house needs no look: the end of a run comes here again.
    while (running.size < deps.slots()) {
      const owner = `${deps.owner}/${(claims += 1)}`;
      const jobId = deps.store.transaction((tables) =>
        tables.queue.claim(owner, deps.clock.now(), deps.leaseMs),
      );
      if (jobId === null) return sleepUntilNext();
      start(jobId, owner);
    }
  };
  const sleepUntilNext = (): void => {
    const now = deps.clock.now();
    const next = deps.store.tables.queue.nextAvailableAt(now);
    if (next !== null) wakeAt(Math.max(next, now + 5));
  };
  const wakeAt = (atMs: number): void => {
    // One that ends sooner looks again by itself; setting it anew at each event would cost more than the look.
    if (timer !== null && timer.atMs <= atMs) return;
    timer?.abort.abort();
    const mine = { atMs, abort: new AbortController() };
    timer = mine;
    const signal = AbortSignal.any([mine.abort.signal, life.signal]);
    const wake = (): void => {
      if (timer === mine) timer = null;
      claim();
    };
    deps.clock.sleep(atMs - deps.clock.now(), signal).then(wake, () => undefined);
  };
  const heartbeat = async (): Promise<void> => {
    for (;;) {
      await deps.clock.sleep(deps.leaseMs / 3, life.signal);
      attempt('leases were not extended; trying again', beat);
    }
  };
  const beat = (): void => {
    const now = deps.clock.now();
    const runs = [...running];
    const held = deps.store.transaction((tables) =>
      runs.map((run) => tables.queue.heartbeat(run.owner, now, deps.leaseMs).includes(run.jobId)),
    );
    runs.forEach((run, index) => (held[index] ? undefined : run.abort.abort(new Error('lease lost'))));
  };
  /** False when the store refused: said in the log, for nobody stands above who could be told. */
  const attempt = (what: string, work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      deps.log.error(what, { error: reasonOf(error) });
      return false;
    }
  };
  const abortEnded = (): void => {
    for (const run of running) {
      const record = deps.store.tables.jobs.get(run.jobId);
      if (record && isTerminal(record.state)) run.abort.abort(new Error(`job ${record.state}`));
    }
  };
  return {
    start: () => {
      stops.push(
        deps.bus.onEvents((events) => {
          if (events.some((event) => isTerminal(event.state))) abortEnded();
          claim();
        }),
        deps.bus.onWake(() => {
          abortEnded();
          claim();
        }),
      );
      heartbeat().catch(() => undefined);
      claim();
    },
    stop: async () => {
      life.abort(new Error('stopping'));
      timer?.abort.abort();
      stops.splice(0).forEach((stop) => stop());
      const runs = [...running];
      runs.forEach((run) => run.abort.abort(new Error('stopping')));
      await Promise.all(runs.map((run) => run.done));
    },
    running: () => [...running].map((run) => run.jobId),
  };
}

/** The top of a job's run: where defects are caught. Returns how long the job is to rest. */
async function runOne(deps: WorkerDeps, run: Run): Promise<number> {
  try {
    await deps.runJob(run.jobId, run.owner, run.abort.signal);
    return 0;
  } catch (error) {
    const unavailable = error instanceof StoreUnavailable;
    const what = unavailable ? 'a job waits for the store' : 'a job run ended in a defect';
    deps.log.error(what, { job_id: run.jobId, error: reasonOf(error) });
    return unavailable ? storeRestMs : defectRestMs;
  }
}

/** One line for trouble of the disk, which a person mends; the stack of a defect. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreUnavailable) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

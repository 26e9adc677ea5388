import { isTerminal, jobStates, type JobEvent, type JobState } from '../../shared/job.ts';
import type { EventBus } from './event-bus.ts';
import { createLeases, type Claim } from './leases.ts';
import { StoreUnavailable, type Store } from './ports/store.ts';
import type { Clock, Log } from './ports/system.ts';
import { DiskFull } from './ports/workspace.ts';

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

interface Run extends Claim {
  abort: AbortController;
  done: Promise<void>;
}

/** How long a job rests whose run ended in a defect that could not even be recorded. */
const defectRestMs = 30_000;
/** How long to wait before the store is tried again that could not be written: a full disk, a locked file. */
const storeRestMs = 2_000;

/** Why a run is aborted; made once, since nobody asks where, and finding that out takes longer than a step. */
const endReasons = new Map(jobStates.map((state) => [state, new Error(`job ${state}`)]));
const ended = (state: JobState): Error | undefined => endReasons.get(state);

/**
 * Claims jobs under leases and runs several at once. It sleeps until the queue changes, a job becomes available or a
 * lease ends: it never polls while nothing can have changed.
 */
export function createWorker(deps: WorkerDeps): Worker {
  const running = new Set<Run>();
  /** What was last said of each job that waits for a disk. */
  const troubles = new Map<string, string>();
  const leases = createLeases(deps);
  const life = new AbortController();
  const stops: (() => void)[] = [];
  let claiming: Promise<void> | null = null;
  let lookAgain = false;
  let timer: { atMs: number; abort: AbortController } | null = null;

  const start = (held: Claim): void => {
    // A run whose lease ended unnoticed (the machine slept) must be down before the job goes on.
    const stale = [...running].filter((run) => run.jobId === held.jobId);
    stale.forEach((run) => run.abort.abort(new Error('lease lost')));
    const run: Run = { ...held, abort: new AbortController(), done: Promise.resolve() };
    running.add(run);
    run.done = Promise.all(stale.map(({ done }) => done))
      .then(() => runOne(deps, run, troubles))
      .then((restMs) => {
        running.delete(run);
        leases.owe(held, deps.clock.now() + restMs);
        deps.bus.publishSlots();
        claim();
      });
  };
  const claim = (): void => {
    // What changes the queue while a claim is on its way may not be seen by it.
    lookAgain = claiming !== null;
    // A full house needs no look: the end of a run comes here again.
    const free = deps.slots() > running.size || leases.owesAny();
    if (!free || claiming !== null || life.signal.aborted) return;
    claiming = attempt('jobs cannot be claimed; trying again', claimFree).then((done) => {
      claiming = null;
      if (!done) wakeAt(deps.clock.now() + storeRestMs);
      else if (lookAgain) claim();
    });
  };
  const claimFree = async (): Promise<void> => {
    const free = Math.max(0, deps.slots() - running.size);
    const taken = await leases.take(free);
    const now = deps.clock.now();
    if (life.signal.aborted) return taken.forEach((unused) => leases.owe(unused, now));
    taken.forEach(start);
    if (taken.length < free) sleepUntilNext();
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
      await attempt('leases were not extended; trying again', beat);
    }
  };
  const beat = async (): Promise<void> => {
    const runs = [...running];
    const lost = await leases.extend(runs);
    for (const run of runs) if (lost.includes(run)) run.abort.abort(new Error('lease lost'));
  };
  /** False when the store refused: said in the log, for nobody stands above who could be told. */
  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      deps.log.error(what, { error: reasonOf(error) });
      return false;
    }
  };
  const abortEnded = (): void => {
    for (const run of running) {
      const record = deps.store.tables.jobs.get(run.jobId);
      if (record && isTerminal(record.state)) run.abort.abort(ended(record.state));
    }
  };
  /** In the next turn: most often it is the run itself that has ended its job, and needs no abort. */
  const abortIfEnded = ({ job_id: jobId, state }: JobEvent): void => {
    if (!isTerminal(state)) return;
    setImmediate(() => {
      for (const run of running) if (run.jobId === jobId) run.abort.abort(ended(state));
    });
  };
  return {
    start: () => {
      stops.push(
        deps.bus.onEvents((events) => {
          events.forEach(abortIfEnded);
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
      await Promise.all([claiming, ...runs.map((run) => run.done)]);
      await attempt('a lease was not given back; it ends by itself', leases.giveBack);
    },
    running: () => [...running].map((run) => run.jobId),
  };
}

/** The top of a job's run: where defects are caught. Returns how long the job is to rest. */
async function runOne(deps: WorkerDeps, run: Run, troubles: Map<string, string>): Promise<number> {
  try {
    await deps.runJob(run.jobId, run.owner, run.abort.signal);
    troubles.delete(run.jobId);
    return 0;
  } catch (error) {
    const reason = reasonOf(error);
    // Said once, not at each try: on a full disk the log would be what fills it next.
    if (troubles.get(run.jobId) !== reason)
      deps.log.error(whatEnded(error), { job_id: run.jobId, error: reason });
    if (!isTrouble(error)) return defectRestMs;
    troubles.set(run.jobId, reason);
    return storeRestMs;
  }
}

function whatEnded(error: unknown): string {
  if (error instanceof StoreUnavailable) return 'a job waits for the store';
  return error instanceof DiskFull ? 'a job waits for room on a disk' : 'a job run ended in a defect';
}

/** Of a disk: a person mends it, and the job goes on by itself. */
const isTrouble = (error: unknown): error is StoreUnavailable | DiskFull =>
  error instanceof StoreUnavailable || error instanceof DiskFull;

/** One line for such trouble; the stack of a defect. */
function reasonOf(error: unknown): string {
  if (isTrouble(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

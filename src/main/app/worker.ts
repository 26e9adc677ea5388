import { isTerminal } from '../../shared/job.ts';
import type { EventBus } from './event-bus.ts';
import type { Store } from './ports/store.ts';
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

/** How long a job rests whose run ended in a defect that could not even be recorded. */
const defectRestMs = 30_000;

/**
 * Claims jobs under leases and runs several at once. It sleeps until the queue changes, a job becomes available or a
 * lease ends: it never polls while nothing can have changed.
 */
export function createWorker(deps: WorkerDeps): Worker {
  const running = new Set<Run>();
  let claims = 0;
  const life = new AbortController();
  const stops: (() => void)[] = [];
  let claiming = false;
  let timer: AbortController | null = null;

  const start = (jobId: string, owner: string): void => {
    const abort = new AbortController();
    const run: Run = { jobId, owner, abort, done: Promise.resolve() };
    running.add(run);
    run.done = runOne(deps, run).finally(() => {
      running.delete(run);
      claim();
    });
  };
  const claim = (): void => {
    if (claiming || life.signal.aborted) return;
    claiming = true;
    try {
      while (running.size < deps.slots()) {
        const owner = `${deps.owner}/${(claims += 1)}`;
        const jobId = deps.store.transaction((tables) =>
          tables.queue.claim(owner, deps.clock.now(), deps.leaseMs),
        );
        if (jobId === null) break;
        start(jobId, owner);
      }
      sleepUntilNext();
    } finally {
      claiming = false;
    }
  };
  const sleepUntilNext = (): void => {
    timer?.abort();
    timer = new AbortController();
    const now = deps.clock.now();
    const next = deps.store.tables.queue.nextAvailableAt(now);
    if (next === null || running.size >= deps.slots()) return;
    const signal = AbortSignal.any([timer.signal, life.signal]);
    deps.clock.sleep(Math.max(next - now, 5), signal).then(claim, () => undefined);
  };
  const heartbeat = async (): Promise<void> => {
    while (!life.signal.aborted) {
      await deps.clock.sleep(deps.leaseMs / 3, life.signal);
      const now = deps.clock.now();
      const runs = [...running];
      const held = deps.store.transaction((tables) =>
        runs.map((run) => tables.queue.heartbeat(run.owner, now, deps.leaseMs).includes(run.jobId)),
      );
      runs.forEach((run, index) => (held[index] ? undefined : run.abort.abort(new Error('lease lost'))));
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
      heartbeat().catch((error: unknown) =>
        life.signal.aborted ? undefined : deps.log.error('heartbeat stopped', { error: String(error) }),
      );
      claim();
    },
    stop: async () => {
      life.abort(new Error('stopping'));
      timer?.abort();
      stops.splice(0).forEach((stop) => stop());
      const runs = [...running];
      runs.forEach((run) => run.abort.abort(new Error('stopping')));
      await Promise.all(runs.map((run) => run.done));
    },
    running: () => [...running].map((run) => run.jobId),
  };
}

/** The top of a job's run: where defects are caught. The lease is given back whatever happens. */
async function runOne(deps: WorkerDeps, run: Run): Promise<void> {
  let restMs = 0;
  try {
    await deps.runJob(run.jobId, run.owner, run.abort.signal);
  } catch (error) {
    restMs = defectRestMs;
    const stack = error instanceof Error ? error.stack : String(error);
    deps.log.error('a job run ended in a defect', { job_id: run.jobId, error: stack });
  }
  const availableAtMs = deps.clock.now() + restMs;
  try {
    deps.store.transaction((tables) => tables.queue.release(run.jobId, run.owner, availableAtMs));
  } catch (error) {
    deps.log.error('a lease was not given back; it ends by itself', {
      job_id: run.jobId,
      error: String(error),
    });
  }
}

import type { Clock } from '../../src/main/app/ports/system.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves the clock and wakes who is due, earliest first; lets them run before the next is woken. */
  advance(ms: number): Promise<void>;
  /** Moves the clock to the next sleeper; false when nobody sleeps. */
  advanceToNext(): Promise<boolean>;
  /** Resolves as soon as at least `count` sleep. */
  untilSleeping(count: number): Promise<void>;
  readonly sleeping: number;
}

interface Sleeper {
  atMs: number;
  wake: () => void;
}

export function createManualClock(startMs = Date.UTC(2026, 10, 22)): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<() => void>();

  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const reasonOf = (): Error =>
        signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
      if (signal.aborted) return reject(reasonOf());
      const onAbort = (): void => {
        sleepers.delete(sleeper);
        reject(reasonOf());
      };
      const sleeper: Sleeper = {
        atMs: nowMs + Math.max(0, ms),
        wake: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      sleepers.add(sleeper);
      for (const watcher of [...watchers]) watcher();
    });

  const next = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];

  const wake = async (sleeper: Sleeper): Promise<void> => {
    nowMs = Math.max(nowMs, sleeper.atMs);
    sleepers.delete(sleeper);
    sleeper.wake();
    await settle();
  };

  return {
    now: () => nowMs,
    sleep,
    get sleeping() {
      return sleepers.size;
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let due = next(); due !== undefined && due.atMs <= untilMs; due = next()) await wake(due);
      nowMs = untilMs;
    },
    async advanceToNext() {
      const due = next();
      if (due !== undefined) await wake(due);
      return due !== undefined;
    },
    untilSleeping: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (sleepers.size < count) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}

/** Lets promises that are ready run to their next wait. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

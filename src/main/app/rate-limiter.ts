import {
  freshRate,
  giveBack,
  isIdle,
  jobRateLimit,
  systemRateLimit,
  take,
  type RateLimit,
  type RateState,
} from '../domain/rate-limit.ts';
import type { Clock } from './ports/system.ts';

export interface RateLimiter {
  /** Resolves when a request of the job may go out; rejects with the signal's reason when aborted before. */
  pass(jobId: string, signal: AbortSignal): Promise<void>;
}

/** Jobs whose state is kept before idle ones are looked for and dropped. */
const keptJobs = 256;
const system = Symbol('system');

/** The limits of compatibility.md §2 for one job and for all of them together, in this process. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const states = new Map<string | symbol, RateState>();

  const wait = async (key: string | symbol, limit: RateLimit, signal: AbortSignal): Promise<void> => {
    const nowMs = clock.now();
    const taken = take(states.get(key) ?? freshRate(limit, nowMs), nowMs);
    states.set(key, taken.state);
    if (taken.waitMs === 0) return;
    try {
      await clock.sleep(taken.waitMs, signal);
    } catch (reason) {
      states.set(key, giveBack(states.get(key) ?? freshRate(limit, nowMs)));
      throw reason;
    }
  };

  const dropIdle = (): void => {
    const nowMs = clock.now();
    for (const [key, state] of states) if (isIdle(state, nowMs)) states.delete(key);
  };

  return {
    async pass(jobId, signal) {
      signal.throwIfAborted();
      if (states.size > keptJobs) dropIdle();
      // One after the other: a job that waits for its own limit must not hold tokens that others could use now.
      await wait(jobId, jobRateLimit, signal);
      await wait(system, systemRateLimit, signal);
    },
  };
}

import {
  accountRateLimit,
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

/** Who makes a request. */
export interface Requester {
  jobId: string;
  /** `provider:account`; null for a provider without accounts, whose server is the user's own. */
  account: string | null;
}

export interface RateLimiter {
  /** Resolves when a request may go out; rejects with the signal's reason when aborted before. */
  pass(requester: Requester, signal: AbortSignal): Promise<void>;
  /** The provider wants no request of the account before then (epoch ms). */
  pause(account: string, untilMs: number): void;
}

/** Jobs and accounts whose state is kept before idle ones are looked for and dropped. */
const keptStates = 256;
const system = 'system';

/** The limits of compatibility.md §2 for one job, for one account and for all of them together, in this process. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const states = new Map<string, RateState>();
  const pauses = new Map<string, number>();

  const wait = async (key: string, limit: RateLimit, signal: AbortSignal): Promise<void> => {
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
  const waitOut = async (account: string, signal: AbortSignal): Promise<void> => {
    for (;;) {
      const leftMs = (pauses.get(account) ?? 0) - clock.now();
      if (leftMs <= 0) return void pauses.delete(account);
      await clock.sleep(leftMs, signal);
    }
  };
  const dropIdle = (): void => {
    const nowMs = clock.now();
    for (const [key, state] of states) if (isIdle(state, nowMs)) states.delete(key);
  };

  return {
    async pass({ jobId, account }, signal) {
      signal.throwIfAborted();
      if (states.size > keptStates) dropIdle();
      // One after the other: a job that waits for its own limit must not hold tokens that others could use now.
      await wait(`job ${jobId}`, jobRateLimit, signal);
      if (account !== null) {
        await waitOut(account, signal);
        await wait(`account ${account}`, accountRateLimit, signal);
      }
      await wait(system, systemRateLimit, signal);
    },
    pause: (account, untilMs) => {
      pauses.set(account, Math.max(untilMs, pauses.get(account) ?? 0));
    },
  };
}

/**
 * A token bucket that may owe: a request always takes its token at once and is told how long to wait for it. Requests
 * are so served in the order in which they asked, without a queue.
 */
export interface RateState {
  perMinute: number;
  /** Requests that may come at once after a pause. */
  burst: number;
  /** Tokens at `atMs`, at most `burst`; negative when requests wait. */
  tokens: number;
  /** Epoch milliseconds. */
  atMs: number;
}

export type RateLimit = Pick<RateState, 'perMinute' | 'burst'>;

/** compatibility.md §2. */
export const jobRateLimit: RateLimit = { perMinute: 30, burst: 10 };
export const systemRateLimit: RateLimit = { perMinute: 120, burst: 10 };
/** No number of it is given: between those two, so that one account is not the whole system's. */
export const accountRateLimit: RateLimit = { perMinute: 60, burst: 10 };

const minuteMs = 60_000;

export const freshRate = (limit: RateLimit, nowMs: number): RateState => ({
  ...limit,
  tokens: limit.burst,
  atMs: nowMs,
});

/** Takes one token. `waitMs` is 0 when the request may go at once. */
export function take(state: RateState, nowMs: number): { state: RateState; waitMs: number } {
  const tokens = refilled(state, nowMs) - 1;
  return {
    state: { ...state, tokens, atMs: nowMs },
    waitMs: tokens >= 0 ? 0 : Math.ceil((-tokens * minuteMs) / state.perMinute),
  };
}

/** Returns the token of a request that was called off while it waited. */
export const giveBack = (state: RateState): RateState => ({
  ...state,
  tokens: Math.min(state.burst, state.tokens + 1),
});

/** Nothing was taken for so long that the state is as good as a fresh one and need not be kept. */
export const isIdle = (state: RateState, nowMs: number): boolean => refilled(state, nowMs) >= state.burst;

/** A clock that was set back adds no tokens and takes none. */
function refilled(state: RateState, nowMs: number): number {
  const passedMs = Math.max(0, nowMs - state.atMs);
  return Math.min(state.burst, state.tokens + (passedMs * state.perMinute) / minuteMs);
}

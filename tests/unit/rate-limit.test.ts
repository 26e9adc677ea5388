import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshRate,
  giveBack,
  isIdle,
  jobRateLimit,
  systemRateLimit,
  take,
  type RateState,
} from '../../src/main/domain/rate-limit.ts';

/** Times at which requests go out that ask at `asksMs`. */
function departures(start: RateState, asksMs: readonly number[]): number[] {
  let state = start;
  return asksMs.map((atMs) => {
    const taken = take(state, atMs);
    state = taken.state;
    return atMs + taken.waitMs;
  });
}

describe('rate limit', () => {
  it('lets a burst of 10 go, then one every two seconds for a job', () => {
    const out = departures(freshRate(jobRateLimit, 0), Array<number>(13).fill(0));
    expect(out).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2000, 4000, 6000]);
  });

  it('lets one every half second go for the system', () => {
    const out = departures(freshRate(systemRateLimit, 0), Array<number>(12).fill(0));
    expect(out.slice(10)).toEqual([500, 1000]);
  });

  it('never lets more than the burst and the rate go in any stretch of time, and goes in order', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(gaps, (between) => {
        let atMs = 0;
        const asks = between.map((gap) => (atMs += gap));
        const out = departures(freshRate(jobRateLimit, 0), asks);
        expect(out).toEqual([...out].sort((a, b) => a - b));
        for (const [index, fromMs] of out.entries()) {
          const within = out.slice(index).filter((outMs) => outMs <= fromMs + 60_000).length;
          // One more than burst and rate: both ends of the stretch belong to it, and waits are whole milliseconds.
          expect(within).toBeLessThanOrEqual(jobRateLimit.burst + jobRateLimit.perMinute + 1);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('owes nothing for a request that was called off', () => {
    const before = freshRate(jobRateLimit, 0);
    const after = giveBack(take(before, 0).state);
    expect(after).toEqual(before);
  });

  it('is idle again when all is refilled, and a clock set back changes nothing', () => {
    const { state } = take(freshRate(jobRateLimit, 10_000), 10_000);
    expect(isIdle(state, 10_000)).toBe(false);
    expect(isIdle(state, 12_000)).toBe(true);
    expect(take(state, 0).state.tokens).toBe(state.tokens - 1);
  });
});

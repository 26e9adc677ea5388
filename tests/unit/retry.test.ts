import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelError } from '../../src/main/domain/model-messages.ts';
import { backoffMs, isTransient, nextAttemptIn, retryLimits } from '../../src/main/domain/retry.ts';

const limits = retryLimits();
const overloaded: ModelError = { kind: 'overloaded', message: 'busy', retryAfterMs: null };
const failed = { error: overloaded, attempt: 1, delivered: false, elapsedMs: 0, random: 0.999_999 };

describe('retrying a model call', () => {
  it('waits 1, 2, 4, 8, 16 and never more than 32 s, jitter aside', () => {
    const whole = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => backoffMs(attempt, 1));
    expect(whole).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000]);
    expect(backoffMs(3, 0)).toBe(2000);
  });

  it('makes five attempts', () => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => nextAttemptIn({ ...failed, attempt }, limits));
    expect(waits.map((wait) => wait !== null)).toEqual([true, true, true, true, false]);
  });

  it.each([
    'quota_exhausted',
    'auth_expired',
    'auth_invalid',
    'not_entitled',
    'model_not_found',
    'context_too_long',
    'unsupported',
    'bad_response',
    'refused',
    'canceled',
  ] as const)('does not retry %s', (kind) => {
    const error = { kind, message: 'no', resetsAtMs: null } as ModelError;
    expect(nextAttemptIn({ ...failed, error }, limits)).toBeNull();
  });

  it.each(['rate_limited', 'overloaded', 'network'] as const)('retries %s', (kind) => {
    expect(isTransient({ kind, message: 'again', retryAfterMs: null })).toBe(true);
  });

  it('does not retry what was delivered in part', () => {
    expect(nextAttemptIn({ ...failed, delivered: true }, limits)).toBeNull();
  });

  it('waits as long as the server asks, unless that passes the time for the whole call', () => {
    const asked = (retryAfterMs: number): ModelError => ({ ...overloaded, retryAfterMs });
    expect(nextAttemptIn({ ...failed, error: asked(30_000) }, limits)).toBe(30_000);
    expect(nextAttemptIn({ ...failed, error: asked(10) }, limits)).toBe(1000);
    expect(nextAttemptIn({ ...failed, error: asked(120_000) }, limits)).toBeNull();
  });

  it('never lets an attempt begin after the time for the whole call', () => {
    fc.assert(
      fc.property(
        fc.record({
          attempt: fc.integer({ min: 1, max: 10 }),
          elapsedMs: fc.integer({ min: 0, max: 300_000 }),
          random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        fc.option(fc.integer({ min: 0, max: 600_000 })),
        (at, retryAfterMs) => {
          const error: ModelError = { ...overloaded, retryAfterMs };
          const wait = nextAttemptIn({ ...at, error, delivered: false }, limits);
          if (wait === null) return;
          expect(wait).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(at.elapsedMs + wait).toBeLessThan(limits.totalMs);
          expect(at.attempt).toBeLessThan(limits.attempts);
        },
      ),
    );
  });

  it('gives a longer request timeout a longer whole', () => {
    expect(retryLimits()).toMatchObject({ callMs: 60_000, totalMs: 120_000, attempts: 5 });
    expect(retryLimits(300_000)).toMatchObject({ callMs: 300_000, totalMs: 600_000 });
    expect(retryLimits(5_000)).toMatchObject({ callMs: 5_000, totalMs: 120_000 });
  });
});

import type { ModelError } from './model-messages.ts';

/** Times of a model call with its retries, in milliseconds (compatibility.md §2). */
export interface RetryLimits {
  /** Attempts in all, the first included. */
  attempts: number;
  /** Longest silence of one attempt: nothing of the answer has come for this long. */
  callMs: number;
  /** Longest time from the first attempt to the start of an answer, waits between attempts included. */
  totalMs: number;
  /** Longest time that an answer may go on coming. Ends a model that repeats itself for ever. */
  answerMs: number;
}

const attempts = 5;
const firstBackoffMs = 1_000;
const maxBackoffMs = 32_000;
const defaultTotalMs = 120_000;
const answerMs = 900_000;

/**
 * The limits for a request timeout of the settings (default 60 s). The limit of one call holds while nothing comes:
 * a local model may stream a good answer for minutes, and ending it in the middle would lose what cannot be retried.
 * A longer call limit than the default makes the total longer too, so that one slow first token is never cut by it.
 */
export const retryLimits = (requestTimeoutMs = 60_000): RetryLimits => ({
  attempts,
  callMs: requestTimeoutMs,
  totalMs: Math.max(defaultTotalMs, 2 * requestTimeoutMs),
  answerMs,
});

/** Where a call stands when an attempt has failed. */
export interface FailedAttempt {
  error: ModelError;
  /** 1 for the first. */
  attempt: number;
  /** Text or a tool call of this attempt has reached the caller. */
  delivered: boolean;
  /** Since the first attempt began. */
  elapsedMs: number;
  /** In [0, 1). */
  random: number;
}

/** How long to wait before the next attempt, or null when the error is final. */
export function nextAttemptIn(failed: FailedAttempt, limits: RetryLimits): number | null {
  if (failed.delivered || failed.attempt >= limits.attempts || !isTransient(failed.error)) return null;
  const waitMs = Math.max(
    backoffMs(failed.attempt, failed.random),
    'retryAfterMs' in failed.error ? (failed.error.retryAfterMs ?? 0) : 0,
  );
  return failed.elapsedMs + waitMs < limits.totalMs ? waitMs : null;
}

/**
 * 1, 2, 4, 8, 16 s, at most 32 s, each between half and the whole of it: callers that failed together must not come
 * back together.
 */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(maxBackoffMs, firstBackoffMs * 2 ** (attempt - 1));
  return Math.round(whole * (0.5 + random / 2));
}

/** Failures that the same request may not meet again. A quota, a key or a bad answer is not one. */
export function isTransient(error: ModelError): boolean {
  switch (error.kind) {
    case 'rate_limited':
    case 'overloaded':
    case 'network':
      return true;
    case 'quota_exhausted':
    case 'auth_expired':
    case 'auth_invalid':
    case 'not_entitled':
    case 'model_not_found':
    case 'context_too_long':
    case 'unsupported':
    case 'bad_response':
    case 'refused':
    case 'canceled':
      return false;
  }
}

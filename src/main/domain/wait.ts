import type { ProviderId } from '../../shared/models.ts';
import type { ModelError } from './model-messages.ts';
import type { Amount, Shortfall } from './ledger.ts';

/** Whose call waits: what limits and accounts are told apart by. */
export interface WaitingCall {
  jobId: string | null;
  provider: ProviderId;
  accountId: string;
  model: string;
  role: string | null;
}

/** Why a job cannot call its model now, and what it needs to go on. */
export type Wait =
  /** The account has nothing left; goes on by itself. */
  | { kind: 'quota'; provider: ProviderId; accountId: string | null; untilMs: number; reason: string }
  /** The call does not fit into a limit; goes on when it does. */
  | {
      kind: 'budget';
      call: WaitingCall;
      promptTokens: number;
      amount: Amount;
      shortfall: Shortfall;
      reason: string;
    }
  /**
   * There is no account to call with; goes on when there is one, or when a person says so. `refused` is the SHA-256 of
   * the secret that the provider did not take: the same one would not do.
   */
  | {
      kind: 'sign_in';
      provider: ProviderId;
      accountId: string | null;
      refused: string | null;
      reason: string;
    };

/** How long a quota is waited for whose end nobody told, and the least wait for one that is over by our clock, in ms. */
const unknownResetMs = 5 * 60_000;
const leastWaitMs = 60_000;

/**
 * When an account that has nothing left may be called again, in epoch ms. A reset that is told as in the past (a clock
 * is wrong) must not become a call at once, and again.
 */
export const quotaEnd = (resetsAtMs: number | null, nowMs: number): number =>
  Math.max(resetsAtMs ?? nowMs + unknownResetMs, nowMs + leastWaitMs);

/** The same for an error that stands for a quota: also a pause that is too long to be sat out in a call. */
export function quotaEndOf(error: ModelError, nowMs: number): number | null {
  if (error.kind === 'quota_exhausted') return quotaEnd(error.resetsAtMs, nowMs);
  if (error.kind === 'rate_limited' && error.retryAfterMs !== null)
    return quotaEnd(nowMs + error.retryAfterMs, nowMs);
  return null;
}

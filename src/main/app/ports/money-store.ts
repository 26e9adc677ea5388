import type { ProviderId, Usage } from '../../../shared/models.ts';
import type { UsageGroup, UsageReport } from '../../../shared/usage-report.ts';
import type { Booked, LedgerEntry } from '../../domain/ledger.ts';
import type { AccountKey } from './account-store.ts';

/** Tables of money and tokens. Costs are whole micro-dollars, times epoch milliseconds, days local ISO dates. */

/** Which call: what the limits and reports tell apart. */
export interface CallFacts {
  /** Null for a call outside of jobs. */
  jobId: string | null;
  provider: ProviderId;
  accountId: string;
  model: string;
  role: string | null;
}

/** One attempt of a call in the ledger. */
export interface LedgerRow extends CallFacts, LedgerEntry {
  reservationId: string;
  /** The most that its prompt can have. */
  promptTokens: number;
  /** Local day of the reservation, on which it counts. */
  day: string;
  /** The process that made it (`leaseOwner`). */
  owner: string;
  atMs: number;
}

export interface LedgerTable {
  insert(row: LedgerRow): void;
  get(reservationId: string): LedgerRow | null;
  /** Replaces state and amount. */
  update(reservationId: string, entry: LedgerEntry, atMs: number): void;
  /** Reservations of calls that are not known to be over, oldest first. */
  reserved(): LedgerRow[];
  ofJob(jobId: string): Booked;
  /** From that day on: a clock that was set back must not forget what was spent. */
  ofDay(day: string): Booked;
  ofAccount(account: AccountKey, day: string): Booked;
  /** Accounts that were called from that day on. */
  accountsOf(day: string): AccountKey[];
}

/** One attempt of a call, as it went. */
export interface UsageCall extends CallFacts {
  /** Of the ledger; null for calls of before there was one. */
  reservationId: string | null;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  /** True when the provider sent no usage and the numbers are ours. */
  estimated: boolean;
  /** As settled, the worst case where nobody knows; null where the price is not known. */
  costMicros: number | null;
  outcome: 'success' | 'error';
  /** Kind of the `ModelError`, or `crashed`. */
  errorKind: string | null;
  /** Until the first sign of the answer; null where none came. */
  firstTokenMs: number | null;
  durationMs: number;
  day: string;
  atMs: number;
}

/** Days, both included. */
export interface DaySpan {
  from: string;
  to: string;
}

export interface JobUsage {
  calls: number;
  promptTokens: number;
  completionTokens: number;
  costMicros: number;
  unpricedCalls: number;
}

export interface UsageTable {
  /** A call of the same reservation is replaced: what was taken for the worst case has become known. */
  insert(call: UsageCall): void;
  /** Calls since the last reset; the window ends at `nowMs`. Sorted by provider, model. */
  snapshot(query: { nowMs: number; windowMinutes: number; provider?: string; model?: string }): Usage;
  /** Moves the baseline; history stays. */
  reset(atMs: number): void;
  ofJob(jobId: string): JobUsage;
  /** Sums of all history, resets or not. */
  report(query: DaySpan & { by: UsageGroup; jobId?: string }): Pick<UsageReport, 'rows' | 'total'>;
  count(span: DaySpan): number;
  /** Calls by position, above `afterPosition`, ascending. */
  page(query: DaySpan & { afterPosition: number; limit: number }): (UsageCall & { position: number })[];
}

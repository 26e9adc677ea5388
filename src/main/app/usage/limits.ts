import type { Settings } from '../../../shared/settings.ts';
import type { Spending } from '../../../shared/usage-report.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { Booked, SpendingLimit } from '../../domain/ledger.ts';
import { microsOf, usdOf } from '../../domain/price.ts';
import type { AccountRow } from '../ports/account-store.ts';

/** The limits that there are, out of where each is kept. */

const limit = (maxMicros: number | null, maxTokens: number | null): SpendingLimit => ({
  maxMicros,
  maxTokens,
});
const micros = (usd: number | null): number | null => (usd === null ? null : microsOf(usd));

export const noLimit: SpendingLimit = limit(null, null);

export const jobLimitOf = (job: Pick<JobRecord, 'maxCostMicros' | 'maxTokens'>): SpendingLimit =>
  limit(job.maxCostMicros, job.maxTokens);

/** Of all calls of a local day. */
export const dayLimitOf = (settings: Pick<Settings, 'day_max_cost_usd' | 'day_max_tokens'>): SpendingLimit =>
  limit(micros(settings.day_max_cost_usd), settings.day_max_tokens);

/** Of the account's calls of a local day. */
export const accountLimitOf = (account: AccountRow | null): SpendingLimit =>
  account === null ? noLimit : limit(micros(account.maxCostUsdPerDay), account.maxTokensPerDay);

/** What is booked against a limit, as the wire shows it. */
export const spendingOf = (
  { spent, reserved }: Booked,
  { maxMicros, maxTokens }: SpendingLimit,
): Spending => ({
  spent_usd: usdOf(spent.micros),
  reserved_usd: usdOf(reserved.micros),
  max_cost_usd: maxMicros === null ? null : usdOf(maxMicros),
  spent_tokens: spent.tokens,
  reserved_tokens: reserved.tokens,
  max_tokens: maxTokens,
  unpriced_calls: spent.unpricedCalls + reserved.unpricedCalls,
});

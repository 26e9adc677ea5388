import { fail, ok } from '../../../shared/errors.ts';
import { localDay, shiftDay } from '../../domain/local-day.ts';
import type { Handlers } from '../handlers.ts';
import type { AccountKey } from '../ports/account-store.ts';
import type { DaySpan } from '../ports/money-store.ts';
import type { Clock } from '../ports/system.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { SpendingLimit } from '../../domain/ledger.ts';
import { dayLimitOf, jobLimitOf, spendingOf } from './limits.ts';
import { raiseBudget, type RaiseBudgetDeps } from './raise-budget.ts';
import { usageCsv } from './usage-csv.ts';

type UsageOperation = Extract<keyof Handlers, `usage.${string}` | 'jobs.spending' | 'jobs.raiseBudget'>;

export interface UsageHandlerDeps extends RaiseBudgetDeps {
  clock: Clock;
  settings: () => Pick<Settings, 'day_max_cost_usd' | 'day_max_tokens'>;
  accountLimit: (key: AccountKey) => SpendingLimit;
  accountRows: () => readonly AccountKey[];
}

/** Days shown where none are named, today included. */
const defaultDays = 30;

/** Handlers of `usage.*` and of a job's budget. */
export function createUsageHandlers(deps: UsageHandlerDeps): Pick<Handlers, UsageOperation> {
  const { store, clock } = deps;
  const spanOf = ({ from, to }: { from?: string | undefined; to?: string | undefined }): DaySpan => {
    const last = to ?? localDay(clock.now());
    return { from: from ?? shiftDay(last, 1 - defaultDays), to: last };
  };
  return {
    'usage.report': async ({ from, to, by, job_id: jobId }) => {
      const span = spanOf({ from, to });
      const report = store.tables.usage.report({ ...span, by, ...(jobId !== undefined && { jobId }) });
      return ok({ ...span, by, ...report });
    },
    'usage.csv': (input) => usageCsv(store, spanOf(input)),
    'usage.today': async () => ok(today(deps)),
    'jobs.spending': async ({ job_id: jobId }) => {
      const job = store.tables.jobs.get(jobId);
      if (!job) return fail('not_found', `job not found: ${jobId}`);
      return ok(spendingOf(store.tables.ledger.ofJob(jobId), jobLimitOf(job)));
    },
    'jobs.raiseBudget': (input) => raiseBudget(deps, input),
  };
}

function today(deps: UsageHandlerDeps) {
  const { ledger } = deps.store.tables;
  const day = localDay(deps.clock.now());
  const accounts = new Map(
    [...deps.accountRows(), ...ledger.accountsOf(day)].map(({ provider, accountId }) => [
      `${provider}:${accountId}`,
      { provider, accountId },
    ]),
  );
  return {
    day,
    spending: spendingOf(ledger.ofDay(day), dayLimitOf(deps.settings())),
    accounts: [...accounts.values()].map((key) => ({
      provider: key.provider,
      account_id: key.accountId,
      spending: spendingOf(ledger.ofAccount(key, day), deps.accountLimit(key)),
    })),
  };
}

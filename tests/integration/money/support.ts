import { createLedger, type CallOutcome, type Ledger } from '../../../src/main/app/usage/ledger.ts';
import type { CallFacts } from '../../../src/main/app/ports/money-store.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import type { ProcessFacts } from '../../../src/main/app/ports/system.ts';
import type { SpendingLimit } from '../../../src/main/domain/ledger.ts';
import { createRandomIds, createSystemClock } from '../../../src/main/infra/system/clock.ts';

export const noLimit: SpendingLimit = { maxTokens: null, maxMicros: null };

export interface Limits {
  dayTokens?: number | null;
  dayUsd?: number | null;
  account?: SpendingLimit;
}

/** A ledger as a process of that pid has it. */
export function openLedger(
  store: Store,
  limits: Limits,
  some: { pid?: number; isAlive?: ProcessFacts['isAlive']; nowMs?: () => number } = {},
): Ledger {
  const { pid = process.pid, isAlive = () => true, nowMs } = some;
  const clock = createSystemClock();
  return createLedger({
    store,
    clock: nowMs ? { ...clock, now: nowMs } : clock,
    ids: createRandomIds(),
    facts: { hostname: 'here', pid, isAlive },
    owner: `here:${pid}:test`,
    settings: () => ({ day_max_tokens: limits.dayTokens ?? null, day_max_cost_usd: limits.dayUsd ?? null }),
    accountLimit: () => limits.account ?? noLimit,
  });
}

export const aCall = (change: Partial<CallFacts> = {}): CallFacts => ({
  jobId: null,
  provider: 'openai',
  accountId: 'default',
  model: 'gpt-5',
  role: 'backend',
  ...change,
});

export const worst = (tokens: number, micros: number | null = null) => ({
  promptTokens: Math.floor(tokens / 2),
  amount: { tokens, micros },
});

export const outcome = (change: Partial<CallOutcome> = {}): CallOutcome => ({
  promptTokens: 1,
  cachedTokens: 0,
  completionTokens: 1,
  reasoningTokens: 0,
  estimated: false,
  outcome: 'success',
  errorKind: null,
  firstTokenMs: 5,
  durationMs: 10,
  ...change,
});

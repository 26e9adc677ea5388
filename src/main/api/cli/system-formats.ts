import type { Catalog, Usage } from '../../../shared/models.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import { clean, oneLine, table } from './text.ts';

export function catalog({ models, providers }: Catalog): string {
  const rows = models.map((model) => [
    clean(`${model.provider}/${model.model_id}`),
    clean(model.usage_hint),
    String(model.priority),
    model.context_window_tokens === null ? '' : String(model.context_window_tokens),
  ]);
  const problems = providers
    .filter(({ last_error }) => last_error !== null)
    .map(({ provider, last_error }) => `${provider}: ${oneLine(last_error ?? '', 300)}`);
  const list = rows.length > 0 ? table(['MODEL', 'USE', 'PRIORITY', 'CONTEXT'], rows) : 'No models known';
  return [list, ...problems].join('\n');
}

export function usage({ models, window_minutes }: Usage): string {
  if (models.length === 0) return 'No model was called yet';
  const rows = models.map((model) => [
    clean(`${model.provider}/${model.model}`),
    String(model.total_calls),
    String(model.error_calls),
    String(model.total_prompt_tokens),
    String(model.total_completion_tokens),
    String(model.window_total_tokens),
  ]);
  return table(['MODEL', 'CALLS', 'ERRORS', 'TOKENS IN', 'TOKENS OUT', `LAST ${window_minutes} MIN`], rows);
}

export function escalations({ escalations: items, open_count }: OutputOf<'escalations.list'>): string {
  if (items.length === 0) return 'No escalations';
  const rows = items.map((item) => [
    item.escalation_id,
    item.severity,
    item.resolved_at === null ? 'open' : 'done',
    item.job_id,
    oneLine(item.reason, 100),
  ]);
  return `${table(['ESCALATION', 'SEVERITY', '', 'JOB', 'REASON'], rows)}\n${open_count} open`;
}

export const auditVerdict = ({ ok, records, first_broken, detail }: OutputOf<'audit.verify'>): string =>
  ok
    ? `The audit log is whole: ${records} records`
    : `The audit log is broken at record ${first_broken ?? '?'}: ${oneLine(detail, 300)}`;

export function doctor({ checks, ready }: OutputOf<'system.doctor'>): string {
  const lines = checks.map(({ name, ok, required, detail, advice }) => {
    const mark = ok ? 'ok     ' : required ? 'MISSING' : 'absent ';
    return `${mark}  ${name}: ${oneLine(detail, 200)}${advice ? `\n         → ${oneLine(advice, 300)}` : ''}`;
  });
  const live = checks.every(({ ok, name }) => ok || (name !== 'docker' && name !== 'model'));
  const verdict = live ? 'Ready for live jobs' : 'Ready for dry runs; live jobs need Docker and a model';
  return [...lines, ready ? verdict : 'Not ready: see what is MISSING'].join('\n');
}

import { useTranslation } from 'react-i18next';
import type { UsageReport } from '../../../../shared/usage-report.ts';
import { count, duration } from '../../lib/format.ts';
import { usd } from '../../lib/money.ts';
import { toHash } from '../../lib/router.ts';

type Row = UsageReport['rows'][number];

/** One row a group, with a bar that shows its part of the largest. */
export function UsageTable({ report }: { report: UsageReport }) {
  const { t, i18n } = useTranslation();
  const weight = (row: { cost_usd: number; prompt_tokens: number; completion_tokens: number }): number =>
    report.total.cost_usd > 0 ? row.cost_usd : row.prompt_tokens + row.completion_tokens;
  const largest = Math.max(...report.rows.map(weight), Number.MIN_VALUE);
  const number = (value: number): string => count(value, i18n.language);
  return (
    <div className="overflow-x-auto rounded-xl border border-line">
      <table className="w-full text-sm tabular-nums">
        <thead className="text-left text-xs text-ink-faint">
          <tr className="border-b border-line [&>th]:px-3 [&>th]:py-2 [&>th]:font-medium">
            <th scope="col">{t(`usage.groups.${report.by}`)}</th>
            <th scope="col" className="w-1/5 max-md:hidden">
              <span className="sr-only">{t('usage.share')}</span>
            </th>
            <NumberHead text={t('usage.cost')} />
            <NumberHead text={t('usage.input')} />
            <NumberHead text={t('usage.output')} />
            <NumberHead text={t('usage.calls')} />
            <NumberHead text={t('usage.first_token')} />
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.key} className="border-b border-line [&>*]:px-3 [&>*]:py-2">
              <th scope="row" className="max-w-72 truncate text-left font-normal">
                <RowName row={row} by={report.by} />
              </th>
              <td className="max-md:hidden">
                <div
                  className="h-2 rounded-full bg-accent"
                  style={{ width: `${(weight(row) / largest) * 100}%` }}
                />
              </td>
              <Numbers row={row} />
              <td className="text-right text-ink-soft">
                {row.first_token_ms === null ? '–' : duration(row.first_token_ms, i18n.language)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-medium [&>*]:px-3 [&>*]:py-2">
            <th scope="row" className="text-left font-medium">
              {t('usage.total')}
            </th>
            <td className="max-md:hidden" />
            <Numbers row={report.total} />
            <td />
          </tr>
        </tfoot>
      </table>
      {report.total.unpriced_calls > 0 && (
        <p className="border-t border-line px-3 py-2 text-xs text-warn">
          {t('usage.unpriced', { count: report.total.unpriced_calls })}
        </p>
      )}
      {report.total.error_calls > 0 && (
        <p className="border-t border-line px-3 py-2 text-xs text-ink-faint">
          {t('usage.failed', { count: report.total.error_calls, shown: number(report.total.error_calls) })}
        </p>
      )}
    </div>
  );
}

const NumberHead = ({ text }: { text: string }) => (
  <th scope="col" className="text-right whitespace-nowrap">
    {text}
  </th>
);

function RowName({ row, by }: { row: Row; by: UsageReport['by'] }) {
  const { t, i18n } = useTranslation();
  if (row.key === '-') return t('usage.no_group');
  if (by === 'job')
    return (
      <a href={toHash.job(row.key)} className="rounded hover:underline">
        {row.label}
      </a>
    );
  if (by === 'day')
    return new Date(`${row.key}T12:00:00`).toLocaleDateString(i18n.language, {
      weekday: 'short',
      month: 'short',
      day: 'numeric',
    });
  return row.label;
}

function Numbers({ row }: { row: UsageReport['total'] }) {
  const { t, i18n } = useTranslation();
  const number = (value: number): string => count(value, i18n.language);
  const isUnknown = row.unpriced_calls === row.calls && row.calls > 0;
  return (
    <>
      <td className="text-right whitespace-nowrap">
        {isUnknown ? t('usage.cost_unknown') : usd(row.cost_usd, i18n.language)}
        {!isUnknown && row.unpriced_calls > 0 && '+'}
      </td>
      <td className="text-right" title={t('usage.cached', { tokens: number(row.cached_tokens) })}>
        {number(row.prompt_tokens)}
      </td>
      <td className="text-right" title={t('usage.reasoning', { tokens: number(row.reasoning_tokens) })}>
        {number(row.completion_tokens)}
      </td>
      <td className="text-right">{number(row.calls)}</td>
    </>
  );
}

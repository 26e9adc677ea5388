import type { TFunction } from 'i18next';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../../../../shared/report.ts';
import { TestRunView } from '../../../components/test-run.tsx';
import { count, duration } from '../../../lib/format.ts';
import { usd } from '../../../lib/money.ts';
import { BeforeAfter } from './before-after.tsx';
import { CommandTable } from './command-table.tsx';

export function EvidenceView({ evidence }: { evidence: Evidence }) {
  const { t } = useTranslation();
  const failedRuns = evidence.tests_after?.runs.filter((run) => !run.passed) ?? [];
  return (
    <div className="flex flex-col gap-5">
      <BeforeAfter before={evidence.tests_before} after={evidence.tests_after} />
      {failedRuns.length > 0 && (
        <div className="flex flex-col gap-1">
          {failedRuns.map((run, index) => (
            <TestRunView key={index} run={run} />
          ))}
        </div>
      )}
      {evidence.tests_removed_or_weakened.length > 0 && (
        <div className="rounded-xl bg-warn-soft px-4 py-3">
          <p className="flex items-center gap-2 font-medium">
            <TriangleAlert size={15} aria-hidden="true" className="text-warn" />
            {t('report.weakened')}
          </p>
          <ul className="mt-1.5 flex flex-col gap-0.5 font-mono text-xs">
            {evidence.tests_removed_or_weakened.map((path) => (
              <li key={path} className="break-words">
                {path}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Numbers evidence={evidence} />
      <CommandTable commands={evidence.commands_run} />
    </div>
  );
}

function costText(
  { cost_usd: cost, unpriced_calls: unpriced }: Evidence,
  t: TFunction,
  language: string,
): string {
  if (unpriced === 0) return usd(cost, language);
  return cost === 0 ? t('report.cost_unknown') : t('report.cost_at_least', { cost: usd(cost, language) });
}

function Numbers({ evidence }: { evidence: Evidence }) {
  const { t, i18n } = useTranslation();
  const numbers = [
    [t('report.duration'), duration(evidence.duration_ms, i18n.language)],
    [t('report.calls'), count(evidence.model_calls, i18n.language)],
    [t('report.tokens_in'), count(evidence.prompt_tokens, i18n.language)],
    [t('report.tokens_out'), count(evidence.completion_tokens, i18n.language)],
    [t('report.cost'), costText(evidence, t, i18n.language)],
    [t('report.fixes'), count(evidence.auto_fix_rounds, i18n.language)],
  ] as const;
  return (
    <dl className="grid grid-cols-6 gap-3 rounded-xl bg-side px-4 py-3 max-md:grid-cols-2">
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt className="text-xs text-ink-faint">{label}</dt>
          <dd className="font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

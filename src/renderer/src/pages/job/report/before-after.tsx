import { Check, Minus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TestRun, Verification } from '../../../../../shared/report.ts';

/** The test matrix on the base commit and on the result, side by side. */
export function BeforeAfter({ before, after }: { before: Verification | null; after: Verification | null }) {
  const { t } = useTranslation();
  const commands = [...new Set([...(before?.runs ?? []), ...(after?.runs ?? [])].map((run) => run.command))];
  if (commands.length === 0) return null;
  const runOf = (verification: Verification | null, command: string): TestRun | undefined =>
    verification?.runs.find((run) => run.command === command);
  return (
    <div className="overflow-x-auto rounded-xl border border-line">
      <table className="w-full text-left">
        <thead className="text-xs text-ink-faint">
          <tr className="border-b border-line">
            <th className="px-3 py-2 font-medium">{t('report.command')}</th>
            <th className="w-32 px-3 py-2 font-medium">{t('report.before')}</th>
            <th className="w-32 px-3 py-2 font-medium">{t('report.after')}</th>
          </tr>
        </thead>
        <tbody>
          {commands.map((command) => (
            <tr key={command} className="border-line not-last:border-b">
              <td className="px-3 py-2 font-mono text-xs break-words">{command}</td>
              <td className="px-3 py-2">
                <Verdict run={runOf(before, command)} />
              </td>
              <td className="px-3 py-2">
                <Verdict run={runOf(after, command)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verdict({ run }: { run: TestRun | undefined }) {
  const { t } = useTranslation();
  const [Icon, tone, text] = !run
    ? ([Minus, 'text-ink-faint', t('report.not_run')] as const)
    : run.passed
      ? ([Check, 'text-good', t('timeline.passed')] as const)
      : ([X, 'text-bad', run.timed_out ? t('timeline.timed_out') : t('timeline.failed')] as const);
  return (
    <span className={`flex items-center gap-1.5 text-sm font-medium whitespace-nowrap ${tone}`}>
      <Icon size={14} strokeWidth={2.5} aria-hidden="true" />
      {text}
    </span>
  );
}

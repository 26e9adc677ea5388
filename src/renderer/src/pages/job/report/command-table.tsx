import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Evidence } from '../../../../../shared/report.ts';
import { duration } from '../../../lib/format.ts';

export function CommandTable({ commands }: { commands: Evidence['commands_run'] }) {
  const { t, i18n } = useTranslation();
  if (commands.length === 0) return null;
  return (
    <details className="group">
      <summary className="flex w-fit items-center gap-1 rounded-md text-sm font-medium text-ink-soft hover:text-ink">
        <ChevronRight size={15} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {t('report.commands')}
        <span className="font-normal text-ink-faint tabular-nums">{commands.length}</span>
      </summary>
      <div className="mt-2 overflow-x-auto rounded-xl border border-line">
        <table className="w-full text-left">
          <thead className="text-xs text-ink-faint">
            <tr className="border-b border-line">
              <th className="px-3 py-2 font-medium">{t('report.command')}</th>
              <th className="w-24 px-3 py-2 text-right font-medium">{t('report.exit')}</th>
              <th className="w-28 px-3 py-2 text-right font-medium">{t('report.duration')}</th>
            </tr>
          </thead>
          <tbody>
            {commands.map((command, index) => (
              <tr key={index} className="border-line not-last:border-b">
                <td className="px-3 py-1.5 font-mono text-xs break-words">{command.command}</td>
                <td
                  className={`px-3 py-1.5 text-right tabular-nums ${command.exit_code === 0 ? '' : 'text-bad'}`}
                >
                  {command.exit_code ?? '–'}
                </td>
                <td className="px-3 py-1.5 text-right whitespace-nowrap text-ink-soft tabular-nums">
                  {duration(command.duration_ms, i18n.language)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

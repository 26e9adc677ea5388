import { FileText } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Report } from '../../../../../shared/report.ts';
import { Markdown } from '../../../components/markdown.tsx';
import { Section } from '../../../components/section.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../../components/states.tsx';
import { safeLink } from '../../../lib/safe-link.ts';
import { useJobPage } from '../../../stores/context.ts';
import { EvidenceView } from './evidence-view.tsx';

export function ReportTab() {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value, error, loading } = useStore(page.store, (state) => state.report);
  useEffect(() => page.want('report'), [page]);
  if (value)
    return (
      <div
        tabIndex={0}
        role="region"
        aria-label={t('job.report')}
        className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <ReportView report={value} />
      </div>
    );
  if (error && error.code !== 'not_found')
    return (
      <ErrorState title={t('report.load_error')} error={error} onRetry={() => page.reloadPart('report')} />
    );
  if (loading) return <Skeleton className="px-8 pt-6" />;
  return <EmptyState icon={FileText} title={t('report.empty')} help={t('report.empty_help')} />;
}

function ReportView({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <div className="flex max-w-4xl flex-col gap-7 px-8 py-6 pb-16 max-md:px-4">
      <Section title={t('report.summary')}>
        <Markdown text={report.run_summary} />
      </Section>
      {report.failures.length > 0 && (
        <Section title={t('report.failures')}>
          <Lines items={report.failures} className="marker:text-bad" />
        </Section>
      )}
      <Section title={t('report.evidence')}>
        {report.evidence ? (
          <EvidenceView evidence={report.evidence} />
        ) : (
          <p className="text-ink-soft">{t('report.no_evidence')}</p>
        )}
      </Section>
      {report.next_actions.length > 0 && (
        <Section title={t('report.next')}>
          <Lines items={report.next_actions} className="marker:text-accent-ink" />
        </Section>
      )}
      {report.links.length > 0 && (
        <Section title={t('report.links')}>
          <ul className="flex flex-col gap-1">
            {report.links.map((link) => (
              <li key={link} className="break-words">
                <Link to={link} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function Lines({ items, className }: { items: readonly string[]; className: string }) {
  return (
    <ul className={`flex list-disc flex-col gap-1.5 pl-4 ${className}`}>
      {items.map((item, index) => (
        <li key={index}>
          <Markdown text={item} />
        </li>
      ))}
    </ul>
  );
}

function Link({ to }: { to: string }) {
  const href = safeLink(to);
  if (href === null) return <span className="font-mono text-xs">{to}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="text-accent-ink underline underline-offset-2"
    >
      {to}
    </a>
  );
}

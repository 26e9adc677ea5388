import { ChartNoAxesColumn, Download } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { usageGroups } from '../../../../shared/usage-report.ts';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { PageHeader } from '../../components/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { useNotify } from '../../lib/notify.ts';
import { saveText } from '../../lib/save-text.ts';
import { useStores } from '../../stores/context.ts';
import { usageSpans } from '../../stores/usage.ts';
import { QuotaSection } from './quota-section.tsx';
import { TodayCard } from './today-card.tsx';
import { UsageTable } from './usage-table.tsx';

/** What was used and what it cost, against its limits and quotas. */
export default function UsagePage() {
  const { t } = useTranslation();
  const { usage } = useStores();
  const notify = useNotify();
  useEffect(() => void usage.load(), [usage]);
  const exportCsv = async (): Promise<void> => {
    const result = await usage.exportCsv();
    if (result.ok) saveText(result.value.file_name, result.value.csv, 'text/csv');
    else notify.failed(result.error);
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-4xl">
        <PageHeader
          title={t('usage.title')}
          aside={
            <Button onClick={() => void exportCsv()}>
              <Download size={14} aria-hidden="true" />
              {t('usage.export')}
            </Button>
          }
        />
        <div className="flex flex-col gap-6 px-8 pb-20 max-md:px-4">
          <TodayCard />
          <QuotaSection />
          <Report />
        </div>
      </div>
    </div>
  );
}

function Report() {
  const { t } = useTranslation();
  const { usage } = useStores();
  const { by, days, report } = useStore(usage.store);
  const { value, error } = report;
  return (
    <section className="flex flex-col gap-3" aria-label={t('usage.report')}>
      <div className="flex flex-wrap items-center gap-3">
        <Choice
          legend={t('usage.by')}
          hideLegend
          options={usageGroups.map((group) => ({ value: group, label: t(`usage.groups.${group}`) }))}
          value={by}
          onChange={(group) => void usage.choose({ by: group })}
        />
        <Choice
          legend={t('usage.span')}
          hideLegend
          options={usageSpans.map((span) => ({
            value: String(span),
            label: t('usage.days', { count: span }),
          }))}
          value={String(days)}
          onChange={(span) =>
            void usage.choose({ days: usageSpans.find((each) => String(each) === span) ?? 30 })
          }
        />
      </div>
      {error && !value ? (
        <ErrorState title={t('usage.load_error')} error={error} onRetry={() => void usage.load()} />
      ) : !value ? (
        <Skeleton />
      ) : value.total.calls === 0 ? (
        <EmptyState icon={ChartNoAxesColumn} title={t('usage.empty')} help={t('usage.empty_help')} />
      ) : (
        <UsageTable report={value} />
      )}
    </section>
  );
}

import { ClipboardList } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Job } from '../../../../../shared/job.ts';
import { EmptyState, ErrorState, Skeleton } from '../../../components/states.tsx';
import { useJobPage } from '../../../stores/context.ts';
import { PlanView } from './plan-view.tsx';

export function PlanTab({ job }: { job: Job }) {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value, error, loading } = useStore(page.store, (state) => state.plan);
  const statuses = useStore(page.timeline.store, (state) => state.taskStatus);
  useEffect(() => page.want('plan'), [page]);
  if (value)
    return (
      <div
        tabIndex={0}
        role="region"
        aria-label={t('job.plan')}
        className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div className="max-w-4xl px-8 py-6 pb-16 max-md:px-4">
          <PlanView key={job.job_id} plan={value.plan} version={value.version} statuses={statuses} />
        </div>
      </div>
    );
  if (error && error.code !== 'not_found')
    return <ErrorState title={t('plan.load_error')} error={error} onRetry={() => page.reloadPart('plan')} />;
  if (loading) return <Skeleton className="px-8 pt-6" />;
  return <EmptyState icon={ClipboardList} title={t('plan.empty')} help={t('plan.empty_help')} />;
}

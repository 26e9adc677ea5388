import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { JobSummary } from '../../../../shared/job.ts';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/states.tsx';
import { useJobPage } from '../../stores/context.ts';
import { PlanDecision } from '../job/plan-decision.tsx';
import { PlanView } from '../job/plan/plan-view.tsx';
import { ItemCard } from './item-card.tsx';

export function ApprovalItem({ job }: { job: JobSummary }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <ItemCard job={job} aside={<Decide isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}>
      {isOpen && <Details />}
    </ItemCard>
  );
}

function Decide({ isOpen, onToggle }: { isOpen: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const page = useJobPage();
  const plan = useStore(page.store, (state) => state.plan.value);
  useEffect(() => page.want('plan'), [page]);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button look="quiet" aria-expanded={isOpen} onClick={onToggle}>
        {isOpen ? t('inbox.plan_hide') : t('inbox.plan_show')}
        {plan && (
          <span className="font-normal tabular-nums">
            · {t('banner.tasks', { count: plan.plan.tasks.length })}
          </span>
        )}
      </Button>
      <PlanDecision version={plan?.version} withKeys={false} />
    </div>
  );
}

function Details() {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value, error } = useStore(page.store, (state) => state.plan);
  return (
    <div className="mt-4 border-t border-line pt-4">
      {value ? (
        <PlanView plan={value.plan} version={value.version} statuses={{}} />
      ) : error ? (
        <p role="alert" className="text-sm text-bad">
          {t('plan.load_error')}
        </p>
      ) : (
        <Skeleton rows={3} />
      )}
    </div>
  );
}

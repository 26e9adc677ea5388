import { ShieldCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { EscalationCard } from '../../components/escalation-card.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { useJobPage } from '../../stores/context.ts';

export function EscalationsTab() {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value, error, loading } = useStore(page.store, (state) => state.escalations);
  useEffect(() => page.want('escalations'), [page]);
  if (value && value.length > 0)
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <ul className="flex max-w-4xl flex-col gap-3 px-8 py-6 max-md:px-4">
          {value.map((escalation) => (
            <li key={escalation.escalation_id}>
              <EscalationCard escalation={escalation} />
            </li>
          ))}
        </ul>
      </div>
    );
  if (error)
    return (
      <ErrorState
        title={t('escalations.load_error')}
        error={error}
        onRetry={() => page.reloadPart('escalations')}
      />
    );
  if (loading) return <Skeleton className="px-8 pt-6" />;
  return <EmptyState icon={ShieldCheck} title={t('escalations.empty')} help={t('escalations.empty_help')} />;
}

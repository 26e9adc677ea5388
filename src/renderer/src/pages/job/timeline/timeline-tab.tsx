import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { EmptyState, ErrorState, Skeleton } from '../../../components/states.tsx';
import { useJobPage } from '../../../stores/context.ts';
import { TimelineList } from './timeline-list.tsx';

export function TimelineTab() {
  const { t } = useTranslation();
  const { timeline } = useJobPage();
  const loaded = useStore(timeline.store, (state) => state.loaded);
  const error = useStore(timeline.store, (state) => state.error);
  const isEmpty = useStore(timeline.store, (state) => state.rows.length === 0);
  if (!isEmpty) return <TimelineList />;
  if (error)
    return (
      <ErrorState title={t('timeline.load_error')} error={error} onRetry={() => void timeline.catchUp()} />
    );
  if (!loaded) return <Skeleton className="px-8 pt-6" />;
  return <EmptyState icon={History} title={t('timeline.empty')} help="" />;
}

import { Inbox as InboxIcon, Rocket } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { LinkButton } from '../../components/button.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageHeader } from '../../components/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';
import type { Scope } from '../../stores/jobs.ts';
import { JobList } from './job-list.tsx';
import { ScopeNav } from './scope-nav.tsx';

export function JobsPage({ scope }: { scope: Scope }) {
  const { t } = useTranslation();
  const { jobs } = useStores();
  const total = useStore(jobs.store, (state) => state.total);
  useEffect(() => jobs.show(scope), [jobs, scope]);
  return (
    <>
      <PageHeader
        title={t('jobs.title')}
        aside={
          total !== null &&
          total > 0 && (
            <span className="text-sm text-ink-faint tabular-nums">{t('jobs.count', { count: total })}</span>
          )
        }
      >
        <ScopeNav scope={scope} />
      </PageHeader>
      <JobsBody />
    </>
  );
}

function JobsBody() {
  const { t } = useTranslation();
  const { jobs } = useStores();
  const isEmpty = useStore(jobs.store, (state) => state.ids.length === 0);
  const loading = useStore(jobs.store, (state) => state.loading);
  const error = useStore(jobs.store, (state) => state.error);
  const scope = useStore(jobs.store, (state) => state.scope);
  if (!isEmpty) return <JobList />;
  if (error)
    return <ErrorState title={t('jobs.load_error')} error={error} onRetry={() => void jobs.refresh()} />;
  if (loading) return <Skeleton rows={8} className="px-8 pt-4 max-md:px-4" />;
  if (scope !== 'all')
    return <EmptyState icon={InboxIcon} title={t('jobs.none_title')} help={t('jobs.none_help')} />;
  return (
    <EmptyState icon={Rocket} title={t('jobs.empty_title')} help={t('jobs.empty_help')}>
      <LinkButton href={toHash.newJob} look="primary">
        {t('jobs.empty_action')}
        <Kbd onAccent>N</Kbd>
      </LinkButton>
    </EmptyState>
  );
}

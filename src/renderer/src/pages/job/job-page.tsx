import { SearchX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Job } from '../../../../shared/job.ts';
import { LinkButton } from '../../components/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { useShortcuts } from '../../lib/keys.ts';
import { type JobTab, jobTabs, navigateInPlace, toHash } from '../../lib/router.ts';
import { JobPageContext, useJobPage, useStores } from '../../stores/context.ts';
import { ChangesTab } from './changes/changes-tab.tsx';
import { EscalationsTab } from './escalations-tab.tsx';
import { JobBanner } from './job-banner.tsx';
import { JobHeader } from './job-header.tsx';
import { JobTabs } from './job-tabs.tsx';
import { PlanTab } from './plan/plan-tab.tsx';
import { ReportTab } from './report/report-tab.tsx';
import { StateStepper } from './state-stepper.tsx';
import { TimelineTab } from './timeline/timeline-tab.tsx';

export default function JobPageView({ jobId, tab }: { jobId: string; tab: JobTab | null }) {
  const stores = useStores();
  const [page] = useState(() => stores.jobPage(jobId));
  useEffect(() => page.open(), [page]);
  return (
    <JobPageContext value={page}>
      <Body tab={tab} />
    </JobPageContext>
  );
}

function Body({ tab }: { tab: JobTab | null }) {
  const { t } = useTranslation();
  const page = useJobPage();
  const { value: job, error } = useStore(page.store, (state) => state.job);
  if (job) return <Loaded job={job} tab={tab} />;
  if (error?.code === 'not_found')
    return (
      <EmptyState isPage icon={SearchX} title={t('job.missing')} help={t('job.missing_help')}>
        <LinkButton href={toHash.jobs()}>{t('app.to_jobs')}</LinkButton>
      </EmptyState>
    );
  if (error) return <ErrorState isPage title={t('job.load_error')} error={error} onRetry={page.reload} />;
  return <Skeleton className="p-8" />;
}

/** What one most likely comes for: the plan when it waits, the report when it is over, else what is going on. */
function startTab(job: Job): JobTab {
  if (job.waiting_for === 'plan_approval') return 'plan';
  return job.state === 'completed' ? 'report' : 'timeline';
}

function Loaded({ job, tab: addressed }: { job: Job; tab: JobTab | null }) {
  // Chosen once: a page must not change under the eyes of its reader.
  const [start] = useState(() => startTab(job));
  const tab = addressed ?? start;
  const go = (index: number) => () => {
    const wanted = jobTabs[index];
    if (wanted) navigateInPlace(toHash.job(job.job_id, wanted));
  };
  useShortcuts({ '1': go(0), '2': go(1), '3': go(2), '4': go(3), '5': go(4) });
  return (
    <>
      <div className="shrink-0 border-b border-line px-8 pt-5 max-md:px-4">
        <JobHeader job={job} />
        <StateStepper job={job} />
        <JobBanner job={job} />
        <JobTabs job={job} tab={tab} />
      </div>
      <TabBody tab={tab} job={job} />
    </>
  );
}

function TabBody({ tab, job }: { tab: JobTab; job: Job }) {
  switch (tab) {
    case 'timeline':
      return <TimelineTab />;
    case 'plan':
      return <PlanTab job={job} />;
    case 'changes':
      return <ChangesTab />;
    case 'report':
      return <ReportTab />;
    case 'escalations':
      return <EscalationsTab />;
  }
}

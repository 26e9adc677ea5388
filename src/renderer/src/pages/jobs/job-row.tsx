import { GitBranch } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { JobStateIcon, JobStatePill } from '../../components/job-state.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { firstLine, repoName } from '../../lib/format.ts';
import { toHash } from '../../lib/router.ts';
import { useStores } from '../../stores/context.ts';

/** One job of the list; drawn again only when this job has changed. */
export const JobRow = memo(function JobRow({
  jobId,
  onFocus,
}: {
  jobId: string;
  onFocus: (jobId: string) => void;
}) {
  const { t } = useTranslation();
  const { jobs } = useStores();
  const job = useStore(jobs.store, (state) => state.byId[jobId]);
  if (!job) return null;
  return (
    <a
      href={toHash.job(jobId)}
      data-job={jobId}
      onFocus={() => onFocus(jobId)}
      className="flex h-full items-center gap-3.5 rounded-lg px-3 transition-colors hover:bg-soft focus-visible:outline-offset-[-2px]"
    >
      <JobStateIcon state={job.state} waitingFor={job.waiting_for} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate font-medium">{firstLine(job.goal)}</span>
        <span className="flex min-w-0 items-center gap-2 text-xs text-ink-faint">
          <span className="truncate" title={job.repo}>
            {repoName(job.repo)}
          </span>
          <span aria-hidden="true">·</span>
          <span className="flex min-w-0 items-center gap-1">
            <GitBranch size={11} aria-hidden="true" className="shrink-0" />
            <span className="truncate">{job.work_branch}</span>
          </span>
          <span aria-hidden="true">·</span>
          <span className="whitespace-nowrap">{t(`mode.${job.mode}`)}</span>
        </span>
      </span>
      <JobStatePill state={job.state} waitingFor={job.waiting_for} />
      <RelativeTime at={job.updated_at} className="w-24 text-right text-xs text-ink-faint max-md:hidden" />
    </a>
  );
});

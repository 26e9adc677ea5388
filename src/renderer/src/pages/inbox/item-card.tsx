import { type ReactNode, useState } from 'react';
import type { JobSummary } from '../../../../shared/job.ts';
import { JobStateIcon } from '../../components/job-state.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { firstLine, repoName } from '../../lib/format.ts';
import { toHash } from '../../lib/router.ts';
import { JobPageContext, useStores } from '../../stores/context.ts';

/** One job that waits, with what it waits for. Inside, the job's actions work as on its own page. */
export function ItemCard({
  job,
  aside,
  children,
}: {
  job: JobSummary;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  const stores = useStores();
  const [page] = useState(() => stores.jobPage(job.job_id));
  return (
    <JobPageContext value={page}>
      <article className="rounded-xl border border-line bg-raised px-4 py-3.5 shadow-soft">
        <div className="flex flex-wrap items-center gap-3">
          <JobStateIcon state={job.state} waitingFor={job.waiting_for} />
          <div className="min-w-48 flex-1">
            <h3 className="truncate">
              <a href={toHash.job(job.job_id)} className="rounded font-medium hover:underline">
                {firstLine(job.goal)}
              </a>
            </h3>
            <p className="flex gap-2 text-xs text-ink-faint">
              <span className="truncate">{repoName(job.repo)}</span>
              <span aria-hidden="true">·</span>
              <RelativeTime at={job.updated_at} />
            </p>
          </div>
          {aside}
        </div>
        {children}
      </article>
    </JobPageContext>
  );
}

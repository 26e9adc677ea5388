import { useTranslation } from 'react-i18next';
import type { Job } from '../../../../shared/job.ts';
import { type JobTab, jobTabs, toHash } from '../../lib/router.ts';

/** Links that look like tabs: each part of a job has an address. */
export function JobTabs({ job, tab }: { job: Job; tab: JobTab }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('job.tabs')} className="mt-4 flex gap-5 overflow-x-auto">
      {jobTabs.map((each) => (
        <a
          key={each}
          href={toHash.job(job.job_id, each)}
          aria-current={each === tab ? 'page' : undefined}
          className={`-mb-px border-b-2 pt-1 pb-2.5 text-sm whitespace-nowrap transition-colors focus-visible:outline-offset-[-2px] ${
            each === tab
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-ink-soft hover:border-line-strong hover:text-ink'
          }`}
        >
          {t(`job.${each}`)}
        </a>
      ))}
    </nav>
  );
}

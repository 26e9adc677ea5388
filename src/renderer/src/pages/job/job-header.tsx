import { Ban, GitBranch, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Job, isTerminal } from '../../../../shared/job.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { JobStatePill } from '../../components/job-state.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { ReasonDialog } from '../../components/reason-dialog.tsx';
import { firstLine, repoName } from '../../lib/format.ts';
import { useJobActions } from './use-job-actions.ts';

export function JobHeader({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const title = firstLine(job.goal);
  const hasMore = job.goal.trim() !== title || title.length > 140;
  return (
    <header>
      <div className="flex items-start gap-4">
        <h1 className="line-clamp-2 min-w-0 flex-1 text-lg leading-snug font-semibold tracking-tight break-words">
          {title}
        </h1>
        <HeaderActions job={job} />
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
        <JobStatePill state={job.state} waitingFor={job.waiting_for} />
        <span className="max-w-72 truncate" title={job.repo}>
          {repoName(job.repo)}
        </span>
        <span className="flex min-w-0 items-center gap-1">
          <GitBranch size={13} aria-hidden="true" className="shrink-0" />
          <span className="max-w-40 truncate">{job.base_branch}</span>
          <span aria-hidden="true">→</span>
          <span className="truncate font-mono text-xs text-ink">{job.work_branch}</span>
          <CopyButton text={job.work_branch} label={t('job.branch_copy')} />
        </span>
        <span>{t(`mode.${job.mode}`)}</span>
        {job.mode !== 'dry_run' && (
          <span className="max-w-56 truncate" title={job.model}>
            {job.model}
          </span>
        )}
        {hasMore && (
          <button
            type="button"
            aria-expanded={isWhole}
            className="rounded text-accent-ink hover:underline"
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? t('job.goal_less') : t('job.goal_more')}
          </button>
        )}
      </div>
      {isWhole && (
        <div
          tabIndex={0}
          role="region"
          aria-label={t('new_job.goal')}
          className="mt-3 max-h-[30vh] overflow-y-auto rounded-xl border border-line bg-side px-4 py-3"
        >
          <Markdown text={job.goal} />
        </div>
      )}
    </header>
  );
}

function HeaderActions({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { cancel, retry, busy } = useJobActions();
  const [isAsking, setAsking] = useState(false);
  if (job.state === 'completed') return null;
  if (isTerminal(job.state))
    return (
      <Button onClick={() => void retry()} busy={busy}>
        <RotateCw size={14} aria-hidden="true" />
        {t('job.retry')}
      </Button>
    );
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        <Ban size={14} aria-hidden="true" />
        {t('job.cancel')}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t('job.cancel_title')}
          help={t('job.cancel_help')}
          label={t('job.cancel_reason')}
          confirmLabel={t('job.cancel')}
          keepLabel={t('job.cancel_keep')}
          busy={busy}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => void cancel(reason).then(() => setAsking(false))}
        />
      )}
    </>
  );
}

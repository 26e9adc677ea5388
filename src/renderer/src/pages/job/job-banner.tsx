import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Job } from '../../../../shared/job.ts';
import { LinkButton } from '../../components/button.tsx';
import { Banner } from '../../components/banner.tsx';
import { toHash } from '../../lib/router.ts';
import { useJobPage } from '../../stores/context.ts';
import { optionsOf, questionOf } from '../../stores/inbox.ts';
import { BudgetForm } from './budget-form.tsx';
import { AnswerForm } from './answer-form.tsx';
import { PlanDecision } from './plan-decision.tsx';

/** What the job needs, or how it ended, with what to do next. Nothing while it simply works. */
export function JobBanner({ job }: { job: Job }) {
  const content = useBanner(job);
  return content && <div className="mt-4">{content}</div>;
}

function useBanner(job: Job): ReactNode {
  const { t } = useTranslation();
  switch (job.waiting_for) {
    case 'plan_approval':
      return <ApprovalBanner job={job} />;
    case 'answer':
      return <QuestionBanner />;
    case 'budget':
      return (
        <Banner tone="warn" title={t('budget.title')}>
          <BudgetForm />
        </Banner>
      );
    case 'quota':
      return <Banner tone="warn" title={t('banner.quota_title')} text={t('banner.quota_help')} />;
    case null:
      return endBanner(job, t);
  }
}

function endBanner(job: Job, t: ReturnType<typeof useTranslation>['t']): ReactNode {
  if (job.state === 'failed')
    return (
      <Banner
        tone="bad"
        title={t('banner.failed_title')}
        text={job.error ?? ''}
        more={t('banner.failed_help')}
      />
    );
  if (job.state === 'canceled')
    return <Banner tone="idle" title={t('banner.canceled_title')} text={job.error ?? ''} />;
  if (job.state !== 'completed' || job.mode === 'dry_run') return null;
  return (
    <Banner
      tone="good"
      title={t('banner.completed_title')}
      text={job.head_commit ? t('banner.completed_help', { branch: job.work_branch }) : ''}
    >
      {job.head_commit && (
        <LinkButton href={toHash.job(job.job_id, 'changes')}>{t('banner.see_changes')}</LinkButton>
      )}
    </Banner>
  );
}

function ApprovalBanner({ job }: { job: Job }) {
  const { t } = useTranslation();
  const page = useJobPage();
  const plan = useStore(page.store, (state) => state.plan.value);
  useEffect(() => page.want('plan'), [page]);
  return (
    <Banner
      tone="warn"
      title={t('banner.approval_title')}
      text={plan ? t('banner.approval_help', { count: plan.plan.tasks.length }) : ''}
    >
      <LinkButton look="quiet" href={toHash.job(job.job_id, 'plan')}>
        {t('banner.read_plan')}
      </LinkButton>
      <PlanDecision version={plan?.version} />
    </Banner>
  );
}

function QuestionBanner() {
  const { t } = useTranslation();
  const page = useJobPage();
  const escalations = useStore(page.store, (state) => state.escalations.value);
  useEffect(() => page.want('escalations'), [page]);
  const asked = escalations?.findLast((escalation) => questionOf(escalation) !== null);
  return (
    <Banner tone="warn" title={t('banner.question')}>
      {asked && (
        <div className="w-full">
          <AnswerForm
            escalationId={asked.escalation_id}
            question={questionOf(asked) ?? ''}
            options={optionsOf(asked)}
          />
        </div>
      )}
    </Banner>
  );
}

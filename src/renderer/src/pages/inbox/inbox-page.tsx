import { Inbox as InboxIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { JobSummary } from '../../../../shared/job.ts';
import { PageHeader } from '../../components/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import { useStores } from '../../stores/context.ts';
import { BudgetForm } from '../job/budget-form.tsx';
import { ApprovalItem } from './approval-item.tsx';
import { ItemCard } from './item-card.tsx';
import { NoticeItem } from './notice-item.tsx';
import { QuestionItem } from './question-item.tsx';

export default function InboxPage() {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl">
        <PageHeader title={t('inbox.title')} />
        <Body />
      </div>
    </div>
  );
}

function Body() {
  const { t } = useTranslation();
  const { inbox } = useStores();
  const { waiting, notices, questions, count, loaded, error } = useStore(inbox.store);
  if (error && !loaded)
    return <ErrorState title={t('inbox.load_error')} error={error} onRetry={() => void inbox.refresh()} />;
  if (!loaded) return <Skeleton className="px-8 pt-2" />;
  if (count === 0)
    return <EmptyState icon={InboxIcon} title={t('inbox.empty')} help={t('inbox.empty_help')} />;
  const waitingFor = (...kinds: JobSummary['waiting_for'][]): JobSummary[] =>
    waiting.filter((job) => kinds.includes(job.waiting_for));
  return (
    <div className="flex flex-col gap-8 px-8 pb-16 max-md:px-4">
      <Group title={t('inbox.approvals')}>
        {waitingFor('plan_approval').map((job) => (
          <ApprovalItem key={job.job_id} job={job} />
        ))}
      </Group>
      <Group title={t('inbox.questions')}>
        {waitingFor('answer').map((job) => (
          <QuestionItem key={job.job_id} job={job} question={questions[job.job_id]} />
        ))}
      </Group>
      <Group title={t('inbox.stuck')}>
        {waitingFor('budget', 'quota').map((job) => (
          <ItemCard key={job.job_id} job={job}>
            {job.waiting_for === 'quota' ? (
              <p className="mt-1 text-sm text-ink-soft">{t('banner.quota_help')}</p>
            ) : (
              <div className="mt-3 border-t border-line pt-3">
                <BudgetForm />
              </div>
            )}
          </ItemCard>
        ))}
      </Group>
      <Group title={t('inbox.escalations')}>
        {notices.map((escalation) => (
          <NoticeItem key={escalation.escalation_id} escalation={escalation} />
        ))}
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="flex items-baseline gap-2 text-sm font-semibold">
        {title}
        <span className="font-normal text-ink-faint tabular-nums">{children.length}</span>
      </h2>
      {children}
    </section>
  );
}

import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../../../../shared/plan.ts';
import { Markdown } from '../../../components/markdown.tsx';
import { CodeLines, Section } from '../../../components/section.tsx';
import type { TaskStatus } from '../../../stores/job-timeline.ts';
import { TaskCard } from './task-card.tsx';

export function PlanView({
  plan,
  version,
  statuses,
}: {
  plan: Plan;
  version: number;
  statuses: Readonly<Record<string, TaskStatus>>;
}) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-7">
      <Section title={t('plan.tasks')} help={t('plan.version', { version })}>
        <ol className="overflow-hidden rounded-xl border border-line">
          {plan.tasks.map((task) => (
            <TaskCard key={task.id} task={task} tasks={plan.tasks} status={statuses[task.id]} />
          ))}
        </ol>
      </Section>
      {plan.risks.length > 0 && (
        <Section title={t('plan.risks')}>
          <ul className="flex flex-col gap-1.5">
            {plan.risks.map((risk, index) => (
              <li key={index} className="flex gap-2">
                <TriangleAlert size={14} aria-hidden="true" className="mt-1 shrink-0 text-warn" />
                <span className="min-w-0 break-words">{risk}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {plan.test_matrix.length > 0 && (
        <Section title={t('plan.tests')} help={t('plan.tests_help')}>
          <CodeLines lines={plan.test_matrix} />
        </Section>
      )}
      {plan.commands.length > 0 && (
        <Section title={t('plan.commands')}>
          <CodeLines lines={plan.commands} />
        </Section>
      )}
      {plan.files_to_change.length > 0 && (
        <Section title={t('plan.files')}>
          <CodeLines lines={plan.files_to_change} />
        </Section>
      )}
      {plan.pr.title !== '' && (
        <Section title={t('plan.pr')}>
          <div className="rounded-xl border border-line px-4 py-3">
            <p className="font-medium break-words">{plan.pr.title}</p>
            {plan.pr.body.trim() !== '' && <Markdown text={plan.pr.body} className="mt-2 text-ink-soft" />}
          </div>
        </Section>
      )}
    </div>
  );
}

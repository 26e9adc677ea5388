import { Check, LoaderCircle, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PlanTask } from '../../../../../shared/plan.ts';
import { RoleChip } from '../../../components/role-chip.tsx';
import type { TaskStatus } from '../../../stores/job-timeline.ts';

export function TaskCard({
  task,
  tasks,
  status,
}: {
  task: PlanTask;
  tasks: readonly PlanTask[];
  status: TaskStatus | undefined;
}) {
  const { t } = useTranslation();
  const titleOf = (id: string): string => tasks.find((other) => other.id === id)?.title ?? id;
  return (
    <li className="flex gap-3 border-line px-4 py-3.5 not-last:border-b">
      <TaskMark id={task.id} status={status} />
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-2">
          <h3 className="min-w-0 flex-1 font-medium break-words">{task.title}</h3>
          <RoleChip role={task.owner_agent} />
        </div>
        {task.acceptance_criteria.length > 0 && (
          <ul className="mt-1.5 flex list-disc flex-col gap-1 pl-4 text-ink-soft marker:text-ink-faint">
            {task.acceptance_criteria.map((criterion, index) => (
              <li key={index} className="break-words">
                {criterion}
              </li>
            ))}
          </ul>
        )}
        {task.depends_on.length > 0 && (
          <p className="mt-2 flex flex-wrap items-center gap-1.5 text-xs text-ink-faint">
            {t('plan.after')}
            {task.depends_on.map((id) => (
              <span key={id} title={titleOf(id)} className="rounded bg-soft px-1.5 py-px font-mono">
                {id}
              </span>
            ))}
          </p>
        )}
      </div>
    </li>
  );
}

const icons = { started: LoaderCircle, finished: Check, failed: X };
const tones = { started: 'text-accent-ink', finished: 'text-good', failed: 'text-bad' };

function TaskMark({ id, status }: { id: string; status: TaskStatus | undefined }) {
  const { t } = useTranslation();
  const Icon = status && icons[status];
  return (
    <span className="flex w-14 shrink-0 items-center gap-1.5 self-start pt-px">
      <span className="truncate font-mono text-xs leading-5 text-ink-faint" title={id}>
        {id}
      </span>
      {status && Icon && (
        <>
          <Icon
            size={13}
            strokeWidth={2.5}
            aria-hidden="true"
            className={`shrink-0 ${tones[status]} ${status === 'started' ? 'turn' : ''}`}
          />
          <span className="sr-only">{t(`plan.task_${status}`)}</span>
        </>
      )}
    </span>
  );
}

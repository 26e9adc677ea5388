import { Check, Minus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../../shared/job.ts';
import { type Step, type StepLook, looksOfSteps, steps } from '../../lib/steps.ts';

const dots: Record<StepLook, string> = {
  done: 'bg-accent border-accent text-white',
  current: 'border-accent bg-accent-soft',
  waiting: 'border-warn bg-warn-soft',
  failed: 'border-bad bg-bad-soft text-bad',
  canceled: 'border-ink-faint bg-soft text-ink-soft',
  todo: 'border-line-strong bg-bg',
};
const labels: Record<StepLook, string> = {
  done: 'text-ink-soft',
  current: 'font-medium text-ink',
  waiting: 'font-medium text-warn',
  failed: 'font-medium text-bad',
  canceled: 'font-medium text-ink-soft',
  todo: 'text-ink-faint',
};

export function StateStepper({ job }: { job: Job }) {
  const { t } = useTranslation();
  const looks = looksOfSteps(job);
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-1">
      <ol aria-label={t('stepper.label')} className="flex max-w-3xl min-w-0 flex-1 items-center">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={looks[step] === 'current' || looks[step] === 'waiting' ? 'step' : undefined}
            className={`flex min-w-0 items-center ${index > 0 ? 'flex-1' : ''}`}
          >
            {index > 0 && (
              <span
                aria-hidden="true"
                className={`mx-2 h-px min-w-2 flex-1 ${looks[step] === 'todo' ? 'bg-line-strong' : 'bg-accent'}`}
              />
            )}
            <StepMark step={step} look={looks[step]} />
          </li>
        ))}
      </ol>
      <FixRounds job={job} />
    </div>
  );
}

function StepMark({ step, look }: { step: Step; look: StepLook }) {
  const { t } = useTranslation();
  const spoken: Record<StepLook, string> = {
    done: t('stepper.done'),
    current: t('stepper.current'),
    waiting: t('jobs.needs_you'),
    failed: t('stepper.failed_at'),
    canceled: t('stepper.canceled_at'),
    todo: t('stepper.todo'),
  };
  const Icon = { done: Check, failed: X, canceled: Minus, current: null, waiting: null, todo: null }[look];
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className={`grid size-4 place-items-center rounded-full border ${dots[look]}`}>
        {Icon && <Icon size={10} strokeWidth={3.2} />}
        {look === 'current' && <span className="breathe size-1.5 rounded-full bg-accent" />}
        {look === 'waiting' && <span className="size-1.5 rounded-full bg-warn" />}
      </span>
      <span className={`text-xs max-lg:sr-only ${labels[look]}`}>{t(`stepper.${step}`)}</span>
      <span className="sr-only">{spoken[look]}</span>
    </span>
  );
}

function FixRounds({ job }: { job: Job }) {
  const { t } = useTranslation();
  if (job.auto_fix_rounds === 0 && job.state !== 'auto_fixing') return null;
  const isFixing = job.state === 'auto_fixing';
  return (
    <span
      className={`rounded-full px-2 py-0.5 text-xs ${isFixing ? 'bg-warn-soft font-medium text-warn' : 'bg-soft text-ink-soft'}`}
    >
      {isFixing
        ? t('stepper.fixing', { round: Math.max(1, job.auto_fix_rounds) })
        : t('stepper.fixed', { count: job.auto_fix_rounds })}
    </span>
  );
}

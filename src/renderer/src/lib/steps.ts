import type { Job, JobState } from '../../../shared/job.ts';

/** The way of a job as people see it; auto-fixing is a loop inside `executing`. */
export const steps = [
  'received',
  'context_collecting',
  'planning',
  'awaiting_plan_approval',
  'executing',
  'reporting',
  'completed',
] as const;
export type Step = (typeof steps)[number];
export type StepLook = 'done' | 'current' | 'waiting' | 'failed' | 'canceled' | 'todo';

const stepOf = (state: JobState): Step | null =>
  state === 'auto_fixing' ? 'executing' : state === 'failed' || state === 'canceled' ? null : state;

type Stepped = Pick<Job, 'state' | 'waiting_for' | 'last_event' | 'base_commit' | 'head_commit'>;

/** Where a job that ended early was: its last transition says so, else what it has left behind. */
function stoppedAt(job: Stepped): Step {
  const from = job.last_event?.metadata['from_state'];
  const step = typeof from === 'string' ? stepOf(from as JobState) : null;
  if (step) return step;
  if (job.head_commit) return 'executing';
  return job.base_commit ? 'planning' : 'context_collecting';
}

export function looksOfSteps(job: Stepped): Record<Step, StepLook> {
  const current = stepOf(job.state) ?? stoppedAt(job);
  const at = steps.indexOf(current);
  const lookAt = (index: number): StepLook => {
    if (index < at) return 'done';
    if (index > at) return 'todo';
    if (job.state === 'completed') return 'done';
    if (job.state === 'failed' || job.state === 'canceled') return job.state;
    return job.waiting_for ? 'waiting' : 'current';
  };
  return Object.fromEntries(steps.map((step, index) => [step, lookAt(index)])) as Record<Step, StepLook>;
}

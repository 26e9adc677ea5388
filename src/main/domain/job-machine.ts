import { fail, ok, type Result } from '../../shared/errors.ts';
import { isTerminal, type JobState, type WaitingFor } from '../../shared/job.ts';
import type { EventDetail, JobRecord, NewJobEvent } from './job-record.ts';
import { transitionBudget } from './budgets.ts';
import { microsOf, usdOf } from './price.ts';

/** Allowed moves (compatibility.md §2). */
export const transitions: Record<JobState, readonly JobState[]> = {
  received: ['context_collecting', 'canceled', 'failed'],
  context_collecting: ['planning', 'canceled', 'failed'],
  planning: ['awaiting_plan_approval', 'executing', 'canceled', 'failed'],
  awaiting_plan_approval: ['executing', 'canceled', 'failed'],
  executing: ['auto_fixing', 'reporting', 'canceled', 'failed'],
  auto_fixing: ['executing', 'canceled', 'failed'],
  reporting: ['completed', 'failed'],
  completed: [],
  failed: [],
  canceled: [],
};

type WorkflowStep = Extract<EventDetail, { event_type: 'workflow_step' }>;
type Recordable = Exclude<
  EventDetail,
  {
    event_type:
      | 'state_transition'
      | 'plan_submitted'
      | 'plan_decision'
      | 'waiting'
      | 'resumed'
      | 'auto_fix'
      | 'budget_changed';
  }
>;

/** What can be asked of a job. The worker gives most of these; approve, reject, answer and cancel come from a person. */
export type JobCommand =
  | { type: 'collect_context' }
  | { type: 'start_planning' }
  | { type: 'submit_plan'; taskCount: number }
  | { type: 'approve'; by: 'human' | 'automatic'; version?: number }
  | { type: 'reject'; reason: string }
  | { type: 'begin_fix'; reason: string }
  | { type: 'resume_execution' }
  | { type: 'begin_reporting' }
  /** `failures`: how many the report names beside passing tests; said with the completion, so that it is no silent one. */
  | { type: 'complete'; failures?: number }
  | { type: 'fail'; error: string; escalationId: string }
  | { type: 'cancel'; reason: string }
  /** Without an escalation it needs nobody: it goes on at `untilMs` (epoch ms). */
  | {
      type: 'wait';
      for: Exclude<WaitingFor, 'plan_approval'>;
      escalationId?: string;
      untilMs?: number;
      reason: string;
    }
  /** Limits left out stay as they are; null is no limit. */
  | { type: 'set_budget'; maxCostMicros?: number | null; maxTokens?: number | null }
  | { type: 'resume'; message: string }
  | { type: 'record'; message: string; detail: Recordable };

/** The first event of every job. */
export function createdEvent(record: JobRecord): NewJobEvent {
  return {
    state: 'received',
    message: 'Job created',
    detail: {
      event_type: 'workflow_step',
      step: 'request',
      phase: 'received',
      details: {
        repo: record.repo,
        base_branch: record.baseBranch,
        mode: record.mode,
        retry_of: record.retryOf,
      },
      idempotency_key: record.idempotencyKey,
    },
  };
}

/** Pure decision: the events that `command` causes in the job's present state, or why it cannot be. */
export function decide(job: JobRecord, command: JobCommand): Result<NewJobEvent[]> {
  if (isTerminal(job.state)) return notNow(job, command);
  switch (command.type) {
    case 'collect_context':
      return move(job, ['received'], 'context_collecting', 'Collecting context');
    case 'start_planning':
      return move(job, ['context_collecting'], 'planning', 'Planning');
    case 'submit_plan':
      return submitPlan(job, command.taskCount);
    case 'approve':
      return approve(job, command);
    case 'reject':
      return reject(job, command.reason);
    case 'begin_fix':
      return prepend(
        move(job, ['executing'], 'auto_fixing', `Auto-fixing, round ${job.autoFixRounds + 1}`),
        note(job, command.reason, {
          event_type: 'auto_fix',
          round: job.autoFixRounds + 1,
          reason: command.reason,
        }),
      );
    case 'resume_execution':
      return move(job, ['auto_fixing'], 'executing', 'Executing again');
    case 'begin_reporting':
      return move(job, ['executing'], 'reporting', 'Writing the report');
    case 'complete':
      return prepend(
        move(job, ['reporting'], 'completed', completedMessage(command.failures ?? 0)),
        conclusion(job, 'completed'),
      );
    case 'fail':
      return failJob(job, command.error, command.escalationId);
    case 'cancel':
      return move(job, cancelable, 'canceled', command.reason ? `Canceled: ${command.reason}` : 'Canceled');
    case 'wait':
      return ok([
        note(job, command.reason, {
          event_type: 'waiting',
          waiting_for: command.for,
          ...(command.escalationId !== undefined && { escalation_id: command.escalationId }),
          ...(command.untilMs !== undefined && { until: new Date(command.untilMs).toISOString() }),
        }),
      ]);
    case 'set_budget':
      return setBudget(job, command);
    case 'resume':
      return job.waitingFor === null
        ? fail('invalid_state', `job ${job.jobId} is not waiting`)
        : ok([note(job, command.message, { event_type: 'resumed', waited_for: job.waitingFor })]);
    case 'record':
      return ok([note(job, command.message, command.detail)]);
  }
}

/** Folds one event into the record. Total: an event of any type is accepted. */
export function evolve(job: JobRecord, event: NewJobEvent, atMs: number): JobRecord {
  const next: JobRecord = { ...job, state: event.state, version: job.version + 1, updatedAtMs: atMs };
  const detail = event.detail;
  switch (detail.event_type) {
    case 'state_transition':
      if (isCounted(detail.to_state)) next.transitionsUsed += 1;
      if (detail.to_state === 'auto_fixing') next.autoFixRounds += 1;
      if (detail.from_state === 'awaiting_plan_approval' || isTerminal(detail.to_state))
        next.waitingFor = null;
      if (detail.to_state === 'failed') next.error = detail.error ?? event.message;
      if (detail.to_state === 'canceled') next.error = event.message;
      return next;
    case 'workflow_step':
      next.toolCallsUsed += typeof detail.details.sandbox_runs === 'number' ? detail.details.sandbox_runs : 0;
      return next;
    case 'tool_result':
      if (detail.sandbox_run) next.toolCallsUsed += 1;
      return next;
    case 'workspace_ready':
      return { ...next, baseCommit: detail.base_commit };
    case 'plan_submitted':
      return { ...next, planVersion: detail.version };
    case 'plan_decision':
      return detail.decision === 'approved' ? { ...next, approvedPlanVersion: detail.version } : next;
    case 'waiting':
      return { ...next, waitingFor: detail.waiting_for };
    case 'resumed':
      return { ...next, waitingFor: null };
    case 'budget_changed':
      return {
        ...next,
        maxCostMicros: detail.max_cost_usd === null ? null : microsOf(detail.max_cost_usd),
        maxTokens: detail.max_tokens,
      };
    case 'snapshot':
      return { ...next, snapshots: detail.number };
    case 'committed':
      return { ...next, headCommit: detail.commit };
    case 'agent_decision':
    case 'agent_step':
    case 'task_status':
    case 'progress':
    case 'verification':
    case 'auto_fix':
    case 'escalation':
    case 'answered':
    case 'notice':
      return next;
  }
}

const cancelable: readonly JobState[] = [
  'received',
  'context_collecting',
  'planning',
  'awaiting_plan_approval',
  'executing',
  'auto_fixing',
];

/** Ends are free: a job can always be stopped, whatever its budget (compatibility.md §2). */
const isCounted = (to: JobState): boolean => to !== 'failed' && to !== 'canceled';

function note(job: JobRecord, message: string, detail: EventDetail): NewJobEvent {
  return { state: job.state, message, detail };
}

function move(
  job: JobRecord,
  from: readonly JobState[],
  to: JobState,
  message: string,
  extra: { error?: string; escalation_id?: string } = {},
): Result<NewJobEvent[]> {
  if (!from.includes(job.state) || !transitions[job.state].includes(to)) {
    return fail('invalid_state', `job ${job.jobId} is ${job.state} and cannot become ${to}`);
  }
  const budget = isCounted(to) ? transitionBudget(job) : ok(null);
  if (!budget.ok) return budget;
  const detail: EventDetail = {
    event_type: 'state_transition',
    from_state: job.state,
    to_state: to,
    ...extra,
  };
  return ok([{ state: to, message, detail }]);
}

function prepend(moved: Result<NewJobEvent[]>, ...first: NewJobEvent[]): Result<NewJobEvent[]> {
  return moved.ok ? ok([...first, ...moved.value]) : moved;
}

function append(moved: Result<NewJobEvent[]>, ...last: NewJobEvent[]): Result<NewJobEvent[]> {
  return moved.ok ? ok([...moved.value, ...last]) : moved;
}

function completedMessage(failures: number): string {
  if (failures === 0) return 'Job completed';
  return `Job completed: the tests pass, but the report names ${failures} ${failures === 1 ? 'failure' : 'failures'}`;
}

function conclusion(job: JobRecord, phase: 'completed' | 'failed'): NewJobEvent {
  return workflow(job, 'final_conclusion', phase, `Final conclusion ${phase}`);
}

function workflow(
  job: JobRecord,
  step: WorkflowStep['step'],
  phase: WorkflowStep['phase'],
  message: string,
): NewJobEvent {
  return note(job, message, { event_type: 'workflow_step', step, phase, details: {} });
}

/** A dry run passes the gate by itself, so it neither tells of a plan nor waits. */
function submitPlan(job: JobRecord, taskCount: number): Result<NewJobEvent[]> {
  const moved = move(job, ['planning'], 'awaiting_plan_approval', 'Plan ready');
  if (!moved.ok || job.mode === 'dry_run') return moved;
  const version = job.planVersion + 1;
  const submitted = note(job, `Plan ${version}: ${taskCount} tasks`, {
    event_type: 'plan_submitted',
    version,
    task_count: taskCount,
  });
  if (job.approval === 'auto') return prepend(moved, submitted);
  const waiting: NewJobEvent = {
    state: 'awaiting_plan_approval',
    message: 'Waiting for a human to approve the plan',
    detail: { event_type: 'waiting', waiting_for: 'plan_approval' },
  };
  return append(prepend(moved, submitted), waiting);
}

function approve(
  job: JobRecord,
  command: { by: 'human' | 'automatic'; version?: number },
): Result<NewJobEvent[]> {
  const moved = move(job, ['awaiting_plan_approval'], 'executing', 'Plan approved, executing');
  if (!moved.ok || job.mode === 'dry_run') return moved;
  if (command.version !== undefined && command.version !== job.planVersion) {
    return fail(
      'conflict',
      `plan ${command.version} is not the newest (${job.planVersion}): read the plan again`,
    );
  }
  return prepend(
    moved,
    note(job, 'Plan approved', {
      event_type: 'plan_decision',
      decision: 'approved',
      version: job.planVersion,
      by: command.by,
      reason: '',
    }),
  );
}

function reject(job: JobRecord, reason: string): Result<NewJobEvent[]> {
  const message = reason ? `Plan rejected: ${reason}` : 'Plan rejected';
  return prepend(
    move(job, ['awaiting_plan_approval'], 'canceled', message),
    note(job, message, {
      event_type: 'plan_decision',
      decision: 'rejected',
      version: job.planVersion,
      by: 'human',
      reason,
    }),
  );
}

function failJob(job: JobRecord, error: string, escalationId: string): Result<NewJobEvent[]> {
  const first: NewJobEvent[] = [];
  if (job.state === 'executing' || job.state === 'auto_fixing') {
    first.push(workflow(job, 'execution', 'failed', 'Execution failed'));
  }
  first.push(conclusion(job, 'failed'));
  return prepend(move(job, [job.state], 'failed', error, { error, escalation_id: escalationId }), ...first);
}

function setBudget(
  job: JobRecord,
  {
    maxCostMicros = job.maxCostMicros,
    maxTokens = job.maxTokens,
  }: Extract<JobCommand, { type: 'set_budget' }>,
): Result<NewJobEvent[]> {
  const cost = maxCostMicros === null ? null : usdOf(maxCostMicros);
  const message = `Budget: ${cost === null ? 'any cost' : `$${cost}`}, ${maxTokens === null ? 'any number of' : maxTokens} tokens`;
  return ok([
    note(job, message, { event_type: 'budget_changed', max_cost_usd: cost, max_tokens: maxTokens }),
  ]);
}

function notNow(job: JobRecord, command: JobCommand): Result<NewJobEvent[]> {
  return fail('invalid_state', `job ${job.jobId} is ${job.state}: it has ended and takes no ${command.type}`);
}

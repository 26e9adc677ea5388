import { fail, ok, type Result } from '../../shared/errors.ts';
import type { JobState } from '../../shared/job.ts';
import type { JobCommand } from '../domain/job-machine.ts';
import type { JobRecord } from '../domain/job-record.ts';
import { usdOf } from '../domain/price.ts';
import { answerQuestion } from './answer-question.ts';
import { createJob, type CreateJobDeps } from './create-job.ts';
import { snapshotFact, workspaceFact } from './crew/facts.ts';
import type { Handlers } from './handlers.ts';
import { jobSummary, jobView } from './job-views.ts';
import type { Workspace } from './ports/workspace.ts';

export interface JobHandlerDeps extends CreateJobDeps {
  workspace: Workspace;
}

type JobOperation = Exclude<Extract<keyof Handlers, `jobs.${string}`>, 'jobs.spending' | 'jobs.raiseBudget'>;

const maxDiffBytes = 2 * 1024 * 1024;

/** Handlers of `jobs.*`. */
export function createJobHandlers(deps: JobHandlerDeps): Pick<Handlers, JobOperation> {
  const { tables } = deps.store;
  const known = (jobId: string): Result<JobRecord> => {
    const job = tables.jobs.get(jobId);
    return job ? ok(job) : fail('not_found', `job not found: ${jobId}`);
  };
  const move = async (
    jobId: string,
    command: JobCommand,
  ): Promise<Result<{ job_id: string; state: JobState }>> => {
    const moved = await deps.journal.execute(jobId, [command]);
    if (moved.ok) return ok({ job_id: jobId, state: moved.value.state });
    return moved.error.code === 'limit_exceeded' ? failForBudget(deps, jobId, moved.error.message) : moved;
  };
  return {
    'jobs.create': (input) => createJob(deps, input),
    'jobs.list': async ({ limit, before, state, waiting }) => {
      const page = tables.jobs.list({ limit, before, state, waiting });
      return ok({ jobs: page.jobs.map(jobSummary), next: page.next, total: page.total });
    },
    'jobs.get': async ({ job_id }) => {
      const job = known(job_id);
      return job.ok ? ok(jobView(job.value, tables.events.last(job_id))) : job;
    },
    'jobs.timeline': async ({ job_id, limit, after, before, tail }) => {
      const job = known(job_id);
      if (!job.ok) return job;
      const events = tables.events.ofJob(job_id, {
        afterId: after,
        beforeId: before,
        limit: limit + 1,
        tail,
      });
      const more = events.length > limit;
      return ok({ events: tail ? events.slice(-limit) : events.slice(0, limit), more });
    },
    'jobs.plan': async ({ job_id }) => {
      const job = known(job_id);
      if (!job.ok) return job;
      const row = tables.plans.get(job_id, Math.max(job.value.planVersion, 1));
      if (!row) return fail('not_found', `job ${job_id} has no plan yet: it is ${job.value.state}`);
      return ok({
        job_id,
        version: row.version,
        created_at: new Date(row.createdAtMs).toISOString(),
        plan: row.plan,
      });
    },
    'jobs.approve': ({ job_id, version }) => move(job_id, { type: 'approve', by: 'human', version }),
    'jobs.reject': ({ job_id, reason }) => move(job_id, { type: 'reject', reason }),
    'jobs.cancel': ({ job_id, reason }) => move(job_id, { type: 'cancel', reason }),
    'jobs.retry': async ({ job_id }) => {
      const job = known(job_id);
      return job.ok ? retry(deps, job.value) : job;
    },
    'jobs.answer': (input) => answerQuestion(deps, input),
    'jobs.diff': async ({ job_id }) => {
      const job = known(job_id);
      return job.ok ? diffOf(deps, job.value) : job;
    },
    'jobs.report': async ({ job_id }) => {
      const job = known(job_id);
      if (!job.ok) return job;
      const report = tables.reports.get(job_id);
      return report ? ok(report) : fail('not_found', `job ${job_id} has no report: it is ${job.value.state}`);
    },
    'jobs.escalations': async ({ job_id }) => {
      const job = known(job_id);
      if (!job.ok) return job;
      return ok(
        tables.escalations.ofJob(job_id).map(({ resolved_at: _, answer: __, ...escalation }) => escalation),
      );
    },
  };
}

/** The move after the last one allowed fails the job, also when a person asked for it. */
async function failForBudget(deps: JobHandlerDeps, jobId: string, message: string): Promise<Result<never>> {
  const id = deps.ids.uuid();
  await deps.journal.execute(jobId, [{ type: 'fail', error: message, escalationId: id }], {
    escalation: { id, severity: 'critical', reason: message, metadata: {} },
  });
  return fail('limit_exceeded', message);
}

async function retry(
  deps: JobHandlerDeps,
  job: JobRecord,
): Promise<Result<{ job_id: string; state: JobState }>> {
  if (job.state !== 'failed' && job.state !== 'canceled') {
    return fail(
      'invalid_state',
      `job ${job.jobId} is ${job.state}: only a failed or canceled job can be retried`,
    );
  }
  const created = await createJob(
    deps,
    {
      goal: job.goal,
      repo: job.repo,
      base_branch: job.baseBranch,
      mode: job.mode,
      approval: job.approval,
      priority: job.priority,
      model: job.model,
      manager_model: job.managerModel,
      specialists: job.specialists,
      max_state_transitions: job.maxStateTransitions,
      max_tool_calls: job.maxToolCalls,
      max_cost_usd: job.maxCostMicros === null ? null : usdOf(job.maxCostMicros),
      max_tokens: job.maxTokens,
    },
    job.jobId,
  );
  return created.ok ? ok({ job_id: created.value.job_id, state: created.value.state }) : created;
}

/** Against the base commit: the committed result, else the newest snapshot, else what lies in the worktree. */
async function diffOf(deps: JobHandlerDeps, job: JobRecord) {
  const handle = workspaceFact.get(deps.store.tables, job.jobId);
  const head = job.headCommit ?? snapshotFact.get(deps.store.tables, job.jobId)?.commit ?? null;
  const common = { job_id: job.jobId, base_commit: job.baseCommit, head_commit: head };
  if (!handle || head === null) return ok({ ...common, diff: '', truncated: false, files: [] });
  const changes = await deps.workspace.diff(handle, head, maxDiffBytes);
  const files = await deps.redactor.value(changes.files);
  return ok({ ...common, ...changes, files, diff: await deps.redactor.text(changes.diff) });
}

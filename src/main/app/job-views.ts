import type { Job, JobEvent, JobSummary } from '../../shared/job.ts';
import type { JobRecord } from '../domain/job-record.ts';
import { usdOf } from '../domain/price.ts';

/** A job as the wire shows it in a list. */
export function jobSummary(job: JobRecord): JobSummary {
  return {
    job_id: job.jobId,
    goal: job.goal,
    repo: job.repo,
    base_branch: job.baseBranch,
    work_branch: job.workBranch,
    state: job.state,
    mode: job.mode,
    waiting_for: job.waitingFor,
    priority: job.priority,
    created_at: new Date(job.createdAtMs).toISOString(),
    updated_at: new Date(job.updatedAtMs).toISOString(),
  };
}

/** A job as `GET /jobs/{id}` shows it (compatibility.md §1, and more). */
export function jobView(job: JobRecord, last: JobEvent | null): Job {
  return {
    ...jobSummary(job),
    history_count: job.version,
    last_event: last && { at: last.at, state: last.state, message: last.message, metadata: last.metadata },
    approval: job.approval,
    model: job.model,
    manager_model: job.managerModel,
    transitions_used: job.transitionsUsed,
    max_state_transitions: job.maxStateTransitions,
    tool_calls_used: job.toolCallsUsed,
    max_tool_calls: job.maxToolCalls,
    max_cost_usd: job.maxCostMicros === null ? null : usdOf(job.maxCostMicros),
    max_tokens: job.maxTokens,
    auto_fix_rounds: job.autoFixRounds,
    base_commit: job.baseCommit,
    head_commit: job.headCommit,
    error: job.error,
    retry_of: job.retryOf,
  };
}

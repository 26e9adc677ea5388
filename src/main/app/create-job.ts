import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/errors.ts';
import type { JobMode, JobState } from '../../shared/job.ts';
import type { NewJob } from '../../shared/operations.ts';
import type { Settings } from '../../shared/settings.ts';
import type { JobRecord } from '../domain/job-record.ts';
import { microsOf } from '../domain/price.ts';
import { hideCredentials } from '../domain/repo-address.ts';
import type { Journal } from './journal.ts';
import type { Store } from './ports/store.ts';
import type { Clock, Ids, Redactor } from './ports/system.ts';

export interface CreateJobDeps {
  store: Store;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  redactor: Redactor;
  settings: () => Settings;
  /** What `auto` means now: live once a model and a sandbox answer, else a dry run. */
  autoMode: () => Promise<JobMode>;
}

type Created = { job_id: string; state: JobState; reused: boolean };

/** Creates a job, or finds the one that the same key made before (compatibility.md §2, Idempotency). */
export async function createJob(
  deps: CreateJobDeps,
  input: NewJob,
  retryOf: string | null = null,
): Promise<Result<Created>> {
  const key = input.idempotency_key?.trim() ? input.idempotency_key : null;
  const requestHash = hashOf(input);
  const known = key === null ? null : reuse(deps.store, key, requestHash);
  if (known) return known;
  const record = await newRecord(deps, input, key, retryOf);
  const created = await deps.journal.create(record, key === null ? null : { key, requestHash });
  if (created.ok) return ok({ job_id: created.value.jobId, state: created.value.state, reused: false });
  // Somebody else used the key in between.
  return (key === null ? null : reuse(deps.store, key, requestHash)) ?? created;
}

function hashOf({ goal, repo, base_branch }: NewJob): string {
  return createHash('sha256').update(JSON.stringify({ goal, repo, base_branch })).digest('hex');
}

function reuse(store: Store, key: string, requestHash: string): Result<Created> | null {
  const receipt = store.tables.receipts.get(key);
  if (!receipt) return null;
  if (receipt.requestHash !== requestHash) {
    return fail('conflict', 'idempotency key already used with different request payload');
  }
  const job = store.tables.jobs.get(receipt.jobId);
  return job ? ok({ job_id: job.jobId, state: job.state, reused: true }) : null;
}

/** Null is no limit; what was left out is as the settings have it. */
function limitsOf(input: NewJob, settings: Settings): Pick<JobRecord, 'maxCostMicros' | 'maxTokens'> {
  const { max_cost_usd: cost = settings.max_cost_usd, max_tokens: tokens = settings.max_tokens } = input;
  return { maxCostMicros: cost === null ? null : microsOf(cost), maxTokens: tokens };
}

async function newRecord(
  deps: CreateJobDeps,
  input: NewJob,
  key: string | null,
  retryOf: string | null,
): Promise<JobRecord> {
  const settings = deps.settings();
  const jobId = deps.ids.uuid();
  const now = deps.clock.now();
  const mode =
    input.mode ?? (settings.default_mode === 'auto' ? await deps.autoMode() : settings.default_mode);
  return {
    jobId,
    goal: await deps.redactor.text(input.goal),
    repo: hideCredentials(input.repo),
    baseBranch: input.base_branch,
    workBranch: `crew/${jobId.slice(0, 8)}`,
    state: 'received',
    mode,
    waitingFor: null,
    approval: input.approval ?? settings.default_approval,
    priority: input.priority,
    model: input.model ?? settings.model,
    managerModel: input.manager_model ?? input.model ?? settings.manager_model,
    specialists: input.specialists,
    transitionsUsed: 0,
    maxStateTransitions: input.max_state_transitions ?? settings.max_state_transitions,
    toolCallsUsed: 0,
    maxToolCalls: input.max_tool_calls ?? settings.max_tool_calls,
    ...limitsOf(input, settings),
    autoFixRounds: 0,
    planVersion: 0,
    approvedPlanVersion: 0,
    snapshots: 0,
    baseCommit: null,
    headCommit: null,
    error: null,
    retryOf,
    idempotencyKey: key,
    version: 0,
    createdAtMs: now,
    updatedAtMs: now,
  };
}

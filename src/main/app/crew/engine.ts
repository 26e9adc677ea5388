import type { Result } from '../../../shared/errors.ts';
import type { Role } from '../../../shared/roles.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { ModelError, ModelReplay, ModelToolCall, ModelUsage } from '../../domain/model-messages.ts';
import type { Wait } from '../../domain/wait.ts';
import type { CommitOptions, Journal } from '../journal.ts';
import type { ModelRequest } from '../ports/model.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { CommandOutputs, CommandPolicy, Sandbox } from '../ports/sandbox.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids, Log, Redactor } from '../ports/system.ts';
import type { OpenWorktreeFiles, Workspace } from '../ports/workspace.ts';

export type ModelAnswer =
  | {
      ok: true;
      text: string;
      toolCalls: ModelToolCall[];
      usage: ModelUsage;
      replay?: ModelReplay;
      /** How the attempt that succeeded went. */
      measured?: CallMeasures;
      /** Something that the user should read of, once: another model was used than the one asked for. */
      notice?: string;
    }
  /** With `wait`, the job is not to fail but to wait, and then to make the call again. */
  | { ok: false; error: ModelError; wait?: Wait };

/** Times in ms, from the request on; cost null where the price is not known. */
export interface CallMeasures {
  firstTokenMs: number | null;
  durationMs: number;
  costUsd: number | null;
}

/**
 * A model call with its account, rate limits, reservation, retries and usage. Expected failures are returned; throws
 * `StoreUnavailable` where the call could not be booked, for such a call is not made.
 */
export type CallModel = (
  /** `jobId` and `role` are null for a call of the app's own, such as a model's test. */
  request: ModelRequest & { jobId: string | null; role: Role | null; agent: string },
  signal: AbortSignal,
) => Promise<ModelAnswer>;

/** What carrying out a job needs. */
export interface EngineDeps {
  store: Store;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  redactor: Redactor;
  sandbox: Sandbox;
  policy: CommandPolicy;
  workspace: Workspace;
  openFiles: OpenWorktreeFiles;
  callModel: CallModel;
  /** Would a call fit into all limits now. */
  fits: Ledger['fits'];
  settings: () => Settings;
  outputs: CommandOutputs;
}

/** One claim of one job: what the phases share. */
export interface JobRun extends EngineDeps {
  jobId: string;
  owner: string;
  signal: AbortSignal;
  /** The job as stored now. Throws `JobStopped` when it is gone. */
  job(): JobRecord;
  /**
   * The job as the last of these calls left or found it, which saves reading it. Somebody may have moved it since:
   * only for what ends in a commit, which finds out.
   */
  known(): JobRecord;
  /** Commits under the lease. Throws `JobFailed` or `JobStopped` instead of returning an error. */
  commit(
    commands: readonly JobCommand[] | ((job: JobRecord) => readonly JobCommand[]),
    options?: Omit<CommitOptions, 'owner' | 'known'>,
  ): Promise<JobRecord>;
}

/** The run ends without touching the job: lease lost, shutdown, or somebody ended the job. */
export class JobStopped extends Error {
  override name = 'JobStopped';
}

/** The job cannot go on: it becomes `failed` with this message, which a person reads. */
export class JobFailed extends Error {
  override name = 'JobFailed';
}

/** The job waits for a human and was taken off the queue. */
export class JobWaits extends Error {
  override name = 'JobWaits';
}

export function createJobRun(deps: EngineDeps, jobId: string, owner: string, signal: AbortSignal): JobRun {
  let last: JobRecord | undefined;
  const job = (): JobRecord => {
    const stored = deps.store.tables.jobs.get(jobId);
    if (!stored) throw new JobStopped('the job is gone');
    return (last = stored);
  };
  return {
    ...deps,
    jobId,
    owner,
    signal,
    job,
    known: () => last ?? job(),
    commit: async (commands, options = {}) => {
      if (signal.aborted) throw new JobStopped('the run was stopped');
      const committed = await deps.journal.execute(jobId, commands, { ...options, known: () => last, owner });
      return (last = unwrap(committed));
    },
  };
}

/** A refused budget fails the job; any other refusal means that somebody else moved it. */
function unwrap(result: Result<JobRecord>): JobRecord {
  if (result.ok) return result.value;
  if (result.error.code === 'limit_exceeded') throw new JobFailed(result.error.message);
  throw new JobStopped(result.error.message);
}

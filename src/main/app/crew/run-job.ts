import { isTerminal, type JobState } from '../../../shared/job.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { DiskFull } from '../ports/workspace.ts';
import type { EngineDeps, JobRun } from './engine.ts';
import { createJobRun, JobFailed, JobStopped, JobWaits } from './engine.ts';
import type { Wait } from '../../domain/wait.ts';
import { JobMustWait } from './ask-model.ts';
import { cleanUp } from './clean-up.ts';
import { settleFullDisk, tellOfFullDisk } from './full-disk.ts';
import { holdJob, resumeAfterQuota } from './hold-job.ts';
import { dryPhases } from './dry-run.ts';
import { livePhases } from './live-phases.ts';

/** Carries a job out of one state. Returns when the state was left; throws `JobFailed`, `JobStopped` or `JobWaits`. */
export type Phase = (run: JobRun) => Promise<void>;
export type WorkingState = Exclude<JobState, 'completed' | 'failed' | 'canceled'>;
export type Phases = Record<WorkingState, Phase>;

/**
 * Carries a job as far as it goes: phase after phase, each from what is persisted, until it ends (then cleans up),
 * waits, or the run is stopped. May be called again at any point, also after a crash.
 */
export function createRunJob(
  deps: EngineDeps,
): (jobId: string, owner: string, signal: AbortSignal) => Promise<void> {
  return async (jobId, owner, signal) => {
    const run = createJobRun(deps, jobId, owner, signal);
    const held: Held = { version: 0 };
    for (;;) {
      // A step of a dry run is nothing but its commit.
      const job = run.known().mode === 'dry_run' ? run.known() : run.job();
      if (isTerminal(job.state)) return cleanUp(run);
      const phases = job.mode === 'dry_run' ? dryPhases : livePhases;
      const phase = job.waitingFor === 'quota' ? resumeAfterQuota : phases[job.state as WorkingState];
      if (!(await runPhase(run, phase, held))) return;
    }
  };
}

/**
 * False when the run is over for now. A defect fails its job, so that it is seen and does not come round again. A disk
 * that cannot be written, the store's or the worktree's, is not the job's fault: thrown on, and the job goes on when it
 * can.
 */
async function runPhase(run: JobRun, phase: Phase, held: Held): Promise<boolean> {
  try {
    await phase(run);
    await settleFullDisk(run);
    return true;
  } catch (error) {
    if (error instanceof JobMustWait) return runPhase(run, holding(error.wait, held), held);
    if (error instanceof JobWaits) return false;
    if (error instanceof DiskFull) await tellOfFullDisk(run, error);
    if (error instanceof StoreUnavailable || error instanceof DiskFull) throw error;
    const ended = isTerminal(run.job().state);
    if (ended) return true;
    if (error instanceof JobStopped || run.signal.aborted) return false;
    await failJob(run, error);
    return true;
  }
}

/** The version of the job at which it was last seen that a wait was over before it began. */
interface Held {
  version: number;
}

/**
 * Lets the job wait, unless the call fits by now: others that were under way have ended since. Without a step since the
 * last such look it waits nevertheless, so that no mistake of ours could make it go round for ever.
 */
function holding(wait: Wait, held: Held): Phase {
  return async (run) => {
    const { version } = run.job();
    if (wait.kind === 'budget' && version !== held.version && run.fits(wait.call, wait)) {
      held.version = version;
      return;
    }
    await holdJob(run, wait);
    throw new JobWaits(wait.reason);
  };
}

async function failJob(run: JobRun, error: unknown): Promise<void> {
  const expected = error instanceof JobFailed;
  const escalationId = run.ids.uuid();
  if (!expected) {
    run.log.error('defect in a job', {
      job_id: run.jobId,
      escalation_id: escalationId,
      error: String((error as Error).stack ?? error),
    });
  }
  const message = expected
    ? error.message
    : `internal error (${escalationId}): see the log, then retry the job`;
  const failed = await run.journal.execute(run.jobId, [{ type: 'fail', error: message, escalationId }], {
    owner: run.owner,
    escalation: {
      id: escalationId,
      severity: 'critical',
      reason: message,
      metadata: { state: run.job().state },
    },
    also: (tables, job) => (job.mode === 'dry_run' ? tables.queue.remove(job.jobId) : undefined),
  });
  if (!failed.ok && failed.error.code === 'internal') throw new Error(failed.error.message);
  run.job();
}

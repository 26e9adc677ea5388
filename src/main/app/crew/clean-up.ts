import type { JobRecord } from '../../domain/job-record.ts';
import { limitOutputs } from '../output-retention.ts';
import { DiskFull } from '../ports/workspace.ts';
import { waitFact } from '../waits/wait-fact.ts';
import type { JobRun } from './engine.ts';
import { contextFact, snapshotFact, workspaceFact } from './facts.ts';

/**
 * After the end of a job, whoever ended it: its containers go, what the crew had done so far is kept as a snapshot,
 * the worktree goes, the branch and the snapshots stay. Runs under the lease but heeds no abort; idempotent.
 */
export async function cleanUp(run: JobRun): Promise<void> {
  const { store, jobId } = run;
  const job = run.known();
  // A dry run has nothing, and most often left the queue with its last step.
  if (job.mode === 'dry_run' && !store.tables.queue.holds(jobId, run.owner, run.clock.now())) return;
  const handle = workspaceFact.get(store.tables, jobId);
  if (!handle && job.mode !== 'dry_run') await abandon(run, job);
  if (handle) {
    try {
      const leases = store.tables.queue.leases(run.clock.now());
      await run.sandbox.reap(
        new Set(leases.flatMap((lease) => (lease.jobId === jobId ? [] : [lease.jobId]))),
      );
      if (job.state !== 'completed') {
        const kept = await run.workspace.snapshot(
          handle,
          job.snapshots + 1,
          `Dev Crew: ${job.state} job ${jobId}`,
        );
        await store.commit((tables) =>
          snapshotFact.set(tables, jobId, { commit: kept.commit, tree: kept.tree }),
        );
      }
      await run.workspace.close(handle);
      await limitOutputs(run);
    } catch (error) {
      // What the crew had done is not kept yet: tried again once there is room.
      if (error instanceof DiskFull) throw error;
      run.log.warn('could not clean up after a job', { job_id: jobId, error: String(error) });
    }
  }
  await store.commit((tables) => {
    contextFact.remove(tables, jobId);
    waitFact.remove(tables, jobId);
    tables.queue.remove(jobId);
  });
}

/** Ended while its worktree was being made: by a cancel or a defect, perhaps of a process that was killed right then. */
async function abandon(run: JobRun, job: JobRecord): Promise<void> {
  try {
    await run.workspace.abandon(job);
  } catch (error) {
    run.log.warn('could not remove what was made for a job', { job_id: job.jobId, error: String(error) });
  }
}

import { isTerminal } from '../../shared/job.ts';
import type { CommandOutputs } from './ports/sandbox.ts';
import type { Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';

/** How long what commands printed is kept after the end of their job. The timeline's cut of it stays. */
export const outputsKeptMs = 30 * 24 * 60 * 60_000;
/** What the outputs of all ended jobs may take on disk; the oldest go first. A running job has limits of its own. */
export const maxOutputBytes = 1024 * 1024 * 1024;

interface Deps {
  store: Store;
  clock: Clock;
  outputs: CommandOutputs;
}

/** Removes the outputs of jobs that ended long ago. Quick: for the start of the app. Never throws. */
export async function expireOutputs({ store, clock, outputs }: Deps): Promise<void> {
  const before = clock.now() - outputsKeptMs;
  await outputs.expire((jobId) => {
    const job = store.tables.jobs.get(jobId);
    return job !== null && isTerminal(job.state) && job.updatedAtMs < before;
  });
}

/** The same, and the oldest beyond what all may take: with the end of each live job. Never throws. */
export async function limitOutputs(deps: Deps): Promise<void> {
  await expireOutputs(deps);
  await deps.outputs.trim(maxOutputBytes, (jobId) => {
    const job = deps.store.tables.jobs.get(jobId);
    return job !== null && !isTerminal(job.state);
  });
}

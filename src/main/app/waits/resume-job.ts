import type { Result } from '../../../shared/errors.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { Journal } from '../journal.ts';
import type { Store } from '../ports/store.ts';
import { waitFact } from './wait-fact.ts';

/**
 * Puts a job back on the queue whose wait is over, and closes what asked for it. `invalid_state` when it does not wait
 * any more: somebody else was faster.
 */
export function resumeJob(
  deps: { store: Pick<Store, 'tables'>; journal: Journal },
  jobId: string,
  message: string,
  first: readonly JobCommand[] = [],
): Promise<Result<JobRecord>> {
  return deps.journal.execute(jobId, [...first, { type: 'resume', message }], {
    also: (tables, _, atMs) => {
      const escalationId = waitFact.get(tables, jobId)?.escalationId ?? null;
      if (escalationId !== null) tables.escalations.resolve(escalationId, atMs, null);
      waitFact.remove(tables, jobId);
    },
  });
}

import type { Store, Tables } from '../../../src/main/app/ports/store.ts';
import type { JobRecord } from '../../../src/main/domain/job-record.ts';
import { jobRecord as baseRecord } from '../../support/job-record.ts';

/** What a commit of the engine writes: event, audit and projection together. Returns the job's new version. */
export function write(tables: Tables, jobId: string, inside: () => void = () => undefined): number {
  const job = tables.jobs.get(jobId);
  if (job === null) throw new Error('no job');
  const version = job.version + 1;
  const metadata = { event_type: 'notice', text: 'x'.repeat(5000), call_order: version };
  tables.events.append(jobId, [{ version, atMs: 1, state: 'executing', message: 'step', metadata }]);
  tables.audit.append([{ at: 'now', job_id: jobId, category: 'job', action: 'step', metadata: { version } }]);
  inside();
  if (!tables.jobs.update({ ...job, version, state: 'executing' }, job.version)) throw new Error('moved');
  return version;
}

/** That, in a commit of its own. */
export const step = (store: Store, jobId: string, inside?: () => void): number =>
  store.transaction((tables) => write(tables, jobId, inside));

/** A job as it was just created. */
export function jobRecord(jobId: string, overrides: Partial<JobRecord> = {}): JobRecord {
  return baseRecord({
    jobId,
    goal: 'Make the tests pass',
    repo: '/home/me/repo',
    workBranch: `crew/${jobId.slice(0, 8)}`,
    mode: 'dry_run',
    model: 'ollama/a',
    managerModel: 'ollama/b',
    createdAtMs: 1_000,
    updatedAtMs: 1_000,
    ...overrides,
  });
}

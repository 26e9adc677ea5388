/**
 * One start of the engine on a data folder, in a process of its own as a user's is: `node start-process.ts FOLDER JOB`.
 * Prints one JSON line of milliseconds: the start, then for the list's first page, for opening the job and for scrolling
 * up in it the first time and the median of further ones. Then it ends.
 */
import type { InputOf, OperationName, OutputOf } from '../../src/shared/operations.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { median, timed } from './lib/stats.ts';

const [dataFolder = '', jobId = ''] = process.argv.slice(2);

let engine: TestEngine | undefined;
const started = await timed(async () => (engine = await startEngine({ dataFolder })));
const call = <N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> =>
  engine!.call(name, input);

const times = {
  started,
  ...(await measure('list', () => call('jobs.list', { limit: 100 }))),
  ...(jobId !== '' && (await measure('open', openJob))),
  ...(jobId !== '' && (await measure('older', readOlder))),
};
process.stdout.write(`${JSON.stringify(times)}\n`);
await engine!.stop();
process.exit(0);

async function measure(name: string, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const first = await timed(work);
  const again: number[] = [];
  for (let n = 0; n < 15; n += 1) again.push(await timed(work));
  return { [`${name}First`]: first, [`${name}Again`]: median(again) };
}

/** What a job's page asks for, with the page size of the pages. */
async function openJob(): Promise<void> {
  await call('jobs.get', { job_id: jobId });
  await call('jobs.timeline', { job_id: jobId, tail: true, limit: 500 });
  await call('jobs.plan', { job_id: jobId });
  await call('jobs.escalations', { job_id: jobId });
}

/** Scrolling up through ten pages, each below the first event of the one before. */
async function readOlder(): Promise<void> {
  let before: number | undefined;
  for (let page = 0; page < 10; page += 1) {
    const { events } = await call('jobs.timeline', { job_id: jobId, tail: true, limit: 500, before });
    before = events[0]?.id;
  }
}

/**
 * An engine in a process of its own, for tests that kill it: `node main.ts DATA_FOLDER [JOB_JSON]`.
 * Prints each event of every job as one JSON line, creates the job where one is given (and approves its plan), and
 * ends by itself when all jobs have ended. The environment goes to the engine as it is; with
 * DEV_CREW_TEST_KILL_AT_EVENT it kills itself (SIGKILL) at the event of that id, before the next commit, which a parent
 * could not; with DEV_CREW_TEST_KILL_IN_STATES also at the first event above DEV_CREW_TEST_SEEN_EVENTS in one of them.
 */
import { writeSync } from 'node:fs';
import { startEngine } from '../engine.ts';
import { newJobSchema } from '../../../src/shared/operations.ts';
import { isTerminal } from '../../../src/shared/job.ts';

const [dataFolder = '', jobJson] = process.argv.slice(2);
const killAtId = Number(process.env['DEV_CREW_TEST_KILL_AT_EVENT'] ?? Infinity);
const killStates = new Set((process.env['DEV_CREW_TEST_KILL_IN_STATES'] ?? '').split(','));
const seen = Number(process.env['DEV_CREW_TEST_SEEN_EVENTS'] ?? 0);
const engine = await startEngine({ dataFolder, env: process.env, start: false });

engine.app.feed.subscribe({ after: 0 }, (frame) => {
  if (frame.kind !== 'event') return;
  writeSync(1, `${JSON.stringify(frame.event)}\n`);
  const { id, state, job_id, metadata } = frame.event;
  if (id >= killAtId || (id > seen && killStates.has(state))) process.kill(process.pid, 'SIGKILL');
  if (metadata['event_type'] === 'waiting' && metadata['waiting_for'] === 'plan_approval') {
    void engine.attempt('jobs.approve', { job_id });
  }
  if (isTerminal(frame.event.state)) void endIfIdle();
});

async function endIfIdle(): Promise<void> {
  const { jobs } = await engine.call('jobs.list', {});
  if (!jobs.every((job) => isTerminal(job.state))) return;
  await cleanedUp();
  await engine.stop();
  process.exit(0);
}

/** Resolves when no job is queued or leased: ended jobs are cleaned up. */
function cleanedUp(): Promise<void> {
  const idle = ({ running, queued }: { running: number; queued: number }): boolean => running + queued === 0;
  return new Promise((resolve) => {
    if (idle(engine.app.counts())) return resolve();
    engine.app.onCounts((counts) => (idle(counts) ? resolve() : undefined));
  });
}

await engine.app.start();
if (jobJson) await engine.call('jobs.create', newJobSchema.parse(JSON.parse(jobJson)));

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Counts } from '../../../src/main/api/app.ts';
import { isTerminal, type JobEvent } from '../../../src/shared/job.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { isWaiting, planning, refusal, smallFiles, smallScript } from './bad-support.ts';

let folder: string;
let engine: TestEngine;
const stops: (() => Promise<unknown>)[] = [];
const start = async (env: Record<string, string> = {}, started = true): Promise<TestEngine> => {
  const made = await startEngine({ dataFolder: join(folder, 'data'), cwd: folder, env, start: started });
  stops.push(made.stop);
  return made;
};
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await removeTempFolder(folder);
});

const dryRun = { DEV_CREW_CREWAI_DRY_RUN: '1' };
const dryJob = { goal: 'Do a thing', repo: 'nobody/nothing' };
const limitTo = (max_parallel_jobs: number): Promise<unknown> =>
  engine.call('settings.update', { values: { max_parallel_jobs } });

/** Resolves when the counts are such. */
const untilCounts = (wanted: Partial<Counts>): Promise<void> =>
  new Promise((resolve) => {
    const stop = engine.app.onCounts((counts) => {
      if (!Object.entries(wanted).every(([name, count]) => counts[name as keyof Counts] === count)) return;
      resolve();
      setImmediate(() => stop());
    });
  });
const idle = { running: 0, queued: 0 };

/** Numbered without a gap, with one end, which comes last. */
function expectWhole(events: readonly JobEvent[]): void {
  expect(events.map(({ metadata }) => metadata['call_order'])).toEqual(events.map((_, index) => index + 1));
  expect(events.findIndex(({ state }) => isTerminal(state))).toBe(events.length - 1);
}

describe('a call that cannot be', () => {
  beforeEach(async () => {
    engine = await start(dryRun);
  });

  it.each([
    ['', /goal.*empty: say what the crew should do/i],
    [' \n\t ', /goal.*empty/i],
    ['x'.repeat(100_000), /goal.*50000/],
  ])('a goal that is empty or of 100 kB is refused, and no job is made (%#)', async (goal, message) => {
    const error = await refusal(engine, 'jobs.create', { ...dryJob, goal });
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) as string });
    expect((await engine.call('jobs.list', {})).total).toBe(0);
  });

  it('the longest goal is taken', async () => {
    const { job_id } = await engine.call('jobs.create', { ...dryJob, goal: 'goal '.repeat(10_000) });
    expect((await engine.ended(job_id)).at(-1)?.state).toBe('completed');
  });

  it.each([
    ['approve', {}],
    ['reject', {}],
    ['cancel', {}],
    ['retry', {}],
    ['answer', { escalation_id: 'x', answer: 'y' }],
    ['get', {}],
    ['plan', {}],
    ['timeline', {}],
    ['diff', {}],
    ['report', {}],
    ['escalations', {}],
  ])('jobs.%s of an unknown job is not found', async (name, more) => {
    const error = await refusal(engine, `jobs.${name}`, { job_id: 'no-such-job', ...more });
    expect(error.code).toBe('not_found');
    expect(error.message).toMatch(/^(job|escalation) not found: /);
  });

  it('a job that ended takes no decision, and stays as it was', async () => {
    const { job_id } = await engine.call('jobs.create', dryJob);
    const events = await engine.ended(job_id);
    for (const name of ['approve', 'reject', 'cancel', 'retry']) {
      const error = await refusal(engine, `jobs.${name}`, { job_id });
      expect(error).toMatchObject({
        code: 'invalid_state',
        message: expect.stringContaining('is completed') as string,
      });
    }
    expect(await engine.ended(job_id)).toEqual(events);
  });

  it('a cancel that meets the end of its job: one of the two wins, and the answer says which', async () => {
    const created = await Promise.all(Array.from({ length: 12 }, () => engine.call('jobs.create', dryJob)));
    const answers = created.map(async ({ job_id }, index) => {
      await engine.until(job_id, ({ metadata }) => metadata['call_order'] === 2 * index - 1 || index === 0);
      return engine.attempt('jobs.cancel', { job_id });
    });
    for (const [index, { job_id }] of created.entries()) {
      const answer = await answers[index];
      const events = await engine.ended(job_id);
      expectWhole(events);
      expect(events.at(-1)?.state).toBe(answer?.ok ? 'canceled' : 'completed');
      if (answer && !answer.ok) expect(answer.error.code).toBe('invalid_state');
    }
    await untilCounts(idle);
  });
});

describe('jobs at the gate and in the queue', () => {
  let repo: TestRepo;
  let model: ModelServer;
  const begin = async (script: ScriptInput): Promise<void> => {
    repo = await makeRepo(join(folder, 'repo'), smallFiles);
    model = await startModelServer(script);
    stops.push(model.close);
    engine = await start({ DEV_CREW_OLLAMA_BASE_URL: model.url });
  };
  const job = (more: Record<string, unknown> = {}) => ({
    goal: 'Mend the answer',
    repo: repo.path,
    mode: 'plan_only' as const,
    specialists: 'auto' as const,
    ...more,
  });
  const create = async (more: Record<string, unknown> = {}): Promise<string> =>
    (await engine.call('jobs.create', job(more))).job_id;
  const hangingStudy: ScriptInput = {
    exchanges: [
      {
        name: 'study',
        when: { system: 'Study the repository' },
        times: 'any',
        reply: { text: ['Let me', { gate: 'study' }, ' see.'] },
      },
      planning(),
    ],
  };

  it('of two clients that approve at once one is told that it was the other', async () => {
    await begin(smallScript());
    const other = await start({}, false);
    const jobId = await create();
    await engine.until(jobId, isWaiting);
    const answers = await Promise.all(
      [engine, other, engine, other].map((client) => client.attempt('jobs.approve', { job_id: jobId })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers)
      if (!answer.ok) expect(answer.error).toMatchObject({ code: 'invalid_state' });
    const events = await engine.ended(jobId);
    expectWhole(events);
    expect(events.filter(({ metadata }) => metadata['event_type'] === 'plan_decision')).toHaveLength(1);
  });

  it('an older plan cannot be approved', async () => {
    await begin(smallScript());
    const jobId = await create();
    await engine.until(jobId, isWaiting);
    expect(await refusal(engine, 'jobs.approve', { job_id: jobId, version: 7 })).toMatchObject({
      code: 'conflict',
      message: 'plan 7 is not the newest (1): read the plan again',
    });
    expect(await engine.call('jobs.cancel', { job_id: jobId, reason: 'no' })).toMatchObject({
      state: 'canceled',
    });
    expect(await refusal(engine, 'jobs.approve', { job_id: jobId })).toMatchObject({ code: 'invalid_state' });
    await untilCounts({ ...idle, waiting: 0 });
  });

  it('a job is canceled while its model hangs, another while it is queued: nothing of them stays', async () => {
    await begin(hangingStudy);
    await limitTo(1);
    const planningJob = await create();
    await model.until(({ waiting }) => waiting.length === 3);
    const queued = await create();
    expect((await engine.call('jobs.get', { job_id: queued })).state).toBe('received');
    await engine.call('jobs.cancel', { job_id: queued });
    await engine.call('jobs.cancel', { job_id: planningJob, reason: 'too slow' });
    await model.until(({ requests }) => requests.every(({ end }) => end === 'aborted'));
    for (const jobId of [planningJob, queued]) {
      const events = await engine.ended(jobId);
      expectWhole(events);
      expect(events.at(-1)?.state).toBe('canceled');
      expect(await refusal(engine, 'jobs.cancel', { job_id: jobId })).toMatchObject({
        code: 'invalid_state',
      });
    }
    await untilCounts(idle);
    expect(await repo.git('worktree', 'list')).not.toContain(planningJob);
    expect(model.state().requests).toHaveLength(3);
  });

  it('a job is canceled while a server keeps git waiting', async () => {
    await begin(smallScript());
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (gone = resolve));
    const server = createServer((request) => void request.socket.once('close', gone)).listen(0, '127.0.0.1');
    stops.push(async () => server.closeAllConnections());
    stops.push(async () => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const asked = new Promise((resolve) => server.once('request', resolve));
    const jobId = await create({ repo: url });
    await engine.until(jobId, ({ message }) => message === `Fetching ${url}`);
    await asked;
    expect(await engine.call('jobs.cancel', { job_id: jobId })).toMatchObject({ state: 'canceled' });
    await left;
    expectWhole(await engine.ended(jobId));
    await untilCounts(idle);
  });

  it('no more jobs run at once than the settings say; one that waits for a human holds no slot', async () => {
    await begin(hangingStudy);
    await limitTo(2);
    const jobs = [await create(), await create(), await create()];
    await model.until(({ waiting }) => waiting.length === 6);
    expect(engine.app.counts()).toEqual({ running: 2, queued: 1, waiting: 0 });
    model.release('study');
    await Promise.all(jobs.map((jobId) => engine.until(jobId, isWaiting)));
    await untilCounts({ running: 0, queued: 0, waiting: 3 });
    await limitTo(1);
    const dry = await create({ mode: 'dry_run' });
    expect((await engine.ended(dry)).at(-1)?.state).toBe('completed');
  });
});

it('jobs begin by priority, then by age', async () => {
  engine = await start(dryRun, false);
  await limitTo(1);
  const order: string[] = [];
  engine.app.feed.subscribe({ after: 0 }, (frame) => {
    if (frame.kind === 'event' && frame.event.state === 'context_collecting') order.push(frame.event.job_id);
  });
  const ids: string[] = [];
  for (const priority of [0, -5, 5, 0, 5])
    ids.push((await engine.call('jobs.create', { ...dryJob, priority })).job_id);
  await engine.app.start();
  await Promise.all(ids.map((jobId) => engine.ended(jobId)));
  expect(order.map((id) => ids.indexOf(id))).toEqual([2, 4, 0, 3, 1]);
});

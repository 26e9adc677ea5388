import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ReplyInput, ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { failureOf, isWaiting, planning, smallFiles, smallPlan, studies } from './bad-support.ts';

let folder: string;
let model: ModelServer;
let engine: TestEngine;
beforeEach(async () => {
  folder = await makeTempFolder();
  await makeRepo(join(folder, 'repo'), smallFiles);
});
afterEach(async () => {
  await engine.stop();
  await model.close();
  await removeTempFolder(folder);
});

async function begin(...exchanges: ScriptInput['exchanges']): Promise<void> {
  model = await startModelServer({ exchanges }, { onUnexpected: () => undefined });
  engine = await startEngine({
    dataFolder: join(folder, 'data'),
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url },
  });
}
const create = async (more: Record<string, unknown> = {}): Promise<string> => {
  const job = {
    goal: 'Mend it',
    repo: join(folder, 'repo'),
    mode: 'plan_only',
    specialists: 'auto',
  } as const;
  return (await engine.call('jobs.create', { ...job, ...more })).job_id;
};
const planRequests = () => model.state().requests.filter(({ role }) => role === 'leader');
const planText = (plan: unknown): ReplyInput => ({ text: JSON.stringify(plan) });
const task = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  title: 'Do it',
  owner_agent: 'backend',
  ...more,
});

describe('a model that fails while it plans', () => {
  const cases: [string, ReplyInput, RegExp, number][] = [
    ['prose', { text: 'I would rather write a poem.' }, /no valid plan in 3 tries: plan: /, 3],
    ['JSON of another shape', { text: '{"steps": [1, 2]}' }, /no valid plan in 3 tries: tasks: /, 3],
    ['an empty plan', planText({ ...smallPlan, tasks: [] }), /3 tries: tasks: the plan has no task/, 3],
    [
      'a forbidden test command',
      planText({ ...smallPlan, test_matrix: ['sh -c "rm -rf /"'] }),
      /3 tries: test_matrix\[0\]: /,
      3,
    ],
    ['half a stream', { fault: 'cut', text: '{"tasks": [{"id":' }, /was cut off before its end/, 1],
    ['nothing at all', { fault: 'empty' }, /model ollama\/llama3\.1:8b: .+/, 1],
    ['no text and no call', {}, /answered nothing/, 1],
    ['HTML', { fault: 'html' }, /model ollama\/llama3\.1:8b: .+/, 1],
    ['an error line', { fault: 'error_line', error: 'out of memory' }, /out of memory/, 1],
    ['a broken line', { fault: 'malformed' }, /model ollama\/llama3\.1:8b: .+/, 1],
    ['a refusal of the request', { fault: 'status', status: 400, body: { error: 'bad' } }, /bad/, 1],
  ];
  it.each(cases)('with %s ends its job with the reason', async (_, reply, message, requests) => {
    await begin(studies, planning(reply));
    const failure = await failureOf(engine, await create());
    expect(failure).toMatch(message);
    expect(failure).not.toMatch(/\n|internal error/);
    expect(planRequests()).toHaveLength(requests);
  });

  it('because it is not there ends its job with how to get it', async () => {
    await begin(studies, planning());
    const [missing, foreign] = await Promise.all([
      create({ model: 'ollama/nope:1b' }),
      create({ model: 'nobody/model' }),
    ]);
    expect(await failureOf(engine, missing)).toMatch(/ollama pull nope:1b/);
    expect(await failureOf(engine, foreign)).toMatch(/nobody/);
  });

  it('is told what is wrong with its plan, and mends it', async () => {
    const cycle = [task('a', { depends_on: ['b'] }), task('b', { depends_on: ['a'] })];
    await begin(
      studies,
      planning(planText({ ...smallPlan, tasks: [task('a', { owner_agent: 'wizard' })] }), 1),
      planning(planText({ ...smallPlan, tasks: cycle }), 1),
      planning(),
    );
    const jobId = await create();
    await engine.until(jobId, isWaiting);
    const told = planRequests().map(({ body }) => JSON.stringify(body));
    expect(told[1]).toContain('tasks[0].owner_agent: unknown owner; one of: leader, architect');
    expect(told[2]).toContain('tasks[0].depends_on: cycle: a → b → a');
    expect((await engine.call('jobs.plan', { job_id: jobId })).plan.tasks).toHaveLength(1);
  });

  it('is told of a doubled task and of one that is not there', async () => {
    const tasks = [task('a'), task('a', { depends_on: ['z'] })];
    await begin(studies, planning(planText({ ...smallPlan, tasks }), 1), planning());
    await engine.until(await create(), isWaiting);
    const told = JSON.stringify(planRequests()[1]?.body);
    expect(told).toContain('tasks[1].id: duplicate task id');
    expect(told).toContain('tasks[1].depends_on[0]: unknown task');
  });

  it('for good is asked five times, and its job ends; others go on meanwhile', async () => {
    const down = { fault: 'status', status: 500, body: { error: 'llama runner has stopped' } } as const;
    await begin(studies, planning(down));
    const unreachable = await startEngine({
      dataFolder: join(folder, 'other'),
      env: { DEV_CREW_OLLAMA_BASE_URL: 'http://127.0.0.1:9' },
    });
    const job = { goal: 'x', repo: join(folder, 'repo'), mode: 'plan_only', specialists: 'auto' } as const;
    const [failing, alone] = [await create(), await unreachable.call('jobs.create', job)];
    const dry = await create({ mode: 'dry_run' });
    expect((await engine.ended(dry)).at(-1)?.state).toBe('completed');
    const failures = await Promise.all([failureOf(engine, failing), failureOf(unreachable, alone.job_id)]);
    expect(failures[0]).toMatch(/llama runner has stopped.*\(after 5 attempts\)/);
    expect(failures[1]).toMatch(/127\.0\.0\.1:9.*\(after 5 attempts\)/);
    expect(planRequests()).toHaveLength(5);
    await unreachable.stop();
  });
});

import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobEvent } from '../../../src/shared/job.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { smallFiles, smallScript } from './bad-support.ts';

type Exchange = ScriptInput['exchanges'][number];
interface Call {
  name: string;
  arguments: Record<string, unknown> | string;
}

let folder: string;
let repo: TestRepo;
let model: ModelServer;
let engine: TestEngine;
beforeEach(async () => {
  folder = await makeTempFolder();
  repo = await makeRepo(join(folder, 'repo'), { ...smallFiles, 'tests/more.sh': 'true\ntrue\n' });
});
afterEach(async () => {
  await engine.stop();
  await model.close();
  await removeTempFolder(folder);
});

const finish: Call = { name: 'finish', arguments: { summary: 'All tests pass, I promise.' } };
const says = (user: string, step: number | undefined, ...toolCalls: Call[]): Exchange => ({
  name: `${user} ${step ?? ''}`,
  when: { user, ...(step === undefined ? {} : { step }) },
  times: 'any',
  reply: { toolCalls },
});
const inTask = (step: number | undefined, ...calls: Call[]) => says('Your task (t1)', step, ...calls);
const noFix = says('Auto-fix round', undefined, finish);

/** Runs one job of a crew that works so to its end. */
async function run(...work: Exchange[]): Promise<{ jobId: string; events: JobEvent[] }> {
  model = await startModelServer(smallScript(...work));
  engine = await startEngine({
    dataFolder: join(folder, 'data'),
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
  });
  const job = {
    goal: 'Mend it',
    repo: repo.path,
    mode: 'live',
    approval: 'auto',
    specialists: 'auto',
  } as const;
  const { job_id: jobId } = await engine.call('jobs.create', job);
  return { jobId, events: await engine.ended(jobId) };
}
const report = (jobId: string) => engine.call('jobs.report', { job_id: jobId });
const results = (events: readonly JobEvent[]) =>
  events.flatMap(({ metadata }) => (metadata['event_type'] === 'tool_result' ? [metadata] : []));
const mend: Call = { name: 'write_file', arguments: { path: 'answer.txt', content: '42\n' } };

describeWithDocker('a crew that works badly', () => {
  it('and claims success while the tests fail is never believed', async () => {
    const { jobId, events } = await run(inTask(0, finish), noFix);
    expect(events.at(-1)?.state).toBe('failed');
    expect((await report(jobId)).failures).toContain('Test failed: sh check.sh');
    // A round that changed nothing is not followed by another.
    expect((await engine.call('jobs.get', { job_id: jobId })).auto_fix_rounds).toBe(1);
    expect(await repo.git('rev-parse', `crew/${jobId.slice(0, 8)}`)).toBe(
      await repo.git('rev-parse', 'main'),
    );
  });

  it('and never calls a tool is asked twice, then its task fails, and the job with it', async () => {
    const silent: Exchange = { name: 'silent', when: {}, times: 'any', reply: { text: 'It is done.' } };
    const { jobId, events } = await run(silent);
    expect(events.at(-1)?.state).toBe('failed');
    expect((await report(jobId)).failures[0]).toBe('Task t1: the model stopped calling tools');
    const told = (await engine.call('jobs.escalations', { job_id: jobId })).map(({ reason }) => reason);
    expect(told).toContain('Task t1 was not finished: the model stopped calling tools');
    expect(told).toContain('Auto-fix round 1 was not finished: the model stopped calling tools');
  });

  it('and makes the same call for ever is stopped at the third time, and a person is told', async () => {
    const again: Call = { name: 'read_file', arguments: { path: 'answer.txt' } };
    const { jobId, events } = await run(inTask(undefined, again), noFix);
    expect(results(events).filter(({ task_id }) => task_id === 't1')).toHaveLength(3);
    const reason = 'Task t1 was stopped: read_file was called 3 times with the same result';
    const escalations = await engine.call('jobs.escalations', { job_id: jobId });
    expect(escalations).toContainEqual(expect.objectContaining({ reason, severity: 'warning' }));
    expect(events.at(-1)?.state).toBe('failed');
    expect((await report(jobId)).failures[0]).toMatch(/^Task t1: read_file was called 3 times/);
  });

  it('and is stuck after it has mended all completes, and says in every place that a task was not finished', async () => {
    const again: Call = { name: 'read_file', arguments: { path: 'answer.txt' } };
    const { jobId, events } = await run(inTask(0, mend), inTask(undefined, again));
    expect(events.at(-1)).toMatchObject({
      state: 'completed',
      message: 'Job completed: the tests pass, but the report names 1 failure',
    });
    const { failures, run_summary, next_actions } = await report(jobId);
    expect(failures).toEqual(['Task t1: read_file was called 3 times with the same result']);
    expect(run_summary).toContain('Not finished: 1 of 1 tasks.');
    expect(next_actions.join()).toContain('passing tests do not show that their goals are met');
    const { escalations } = await engine.call('escalations.list', { open: true });
    expect(escalations).toMatchObject([
      {
        severity: 'warning',
        reason: 'Task t1 was stopped: read_file was called 3 times with the same result',
      },
    ]);
  });

  it('and is stuck before it has changed anything fails, also where the tests passed all along', async () => {
    await repo.commit('Mended by somebody else', { 'answer.txt': '42\n' });
    const again: Call = { name: 'read_file', arguments: { path: 'answer.txt' } };
    const { jobId, events } = await run(inTask(undefined, again));
    expect(events.at(-1)?.state).toBe('failed');
    expect((await report(jobId)).evidence?.tests_after?.passed).toBe(true);
  });

  it('and is stuck in an auto-fix round is stopped there too, and a person is told', async () => {
    const again: Call = { name: 'read_file', arguments: { path: 'answer.txt' } };
    const { jobId } = await run(inTask(0, finish), says('Auto-fix round', undefined, again));
    const told = (await engine.call('jobs.escalations', { job_id: jobId })).map(({ reason }) => reason);
    expect(told).toContain('Auto-fix round 1 was stopped: read_file was called 3 times with the same result');
  });

  it('and makes five hundred calls at once has some of them run, in their order, hears of the rest, and goes on', async () => {
    const many = Array.from({ length: 500 }, (_, n) => ({
      name: 'search',
      arguments: { pattern: `word${n}` },
    }));
    const { events } = await run(inTask(0, ...many), inTask(1, mend, finish));
    const run500 = results(events).filter(({ name }) => name === 'search');
    expect(run500.map(({ call_id }) => call_id)).toEqual(run500.map((_, index) => `s1c${index + 1}`));
    expect(run500).toHaveLength(32);
    const told = model.state().requests.find(({ exchange }) => exchange === 'Your task (t1) 1')?.body;
    const { messages } = told as { messages: { role: string; content: string; tool_calls?: unknown[] }[] };
    const answers = messages.filter(({ role }) => role === 'tool');
    expect(messages.flatMap(({ tool_calls }) => tool_calls ?? [])).toHaveLength(500);
    expect(answers).toHaveLength(500);
    expect(answers.filter(({ content }) => content.startsWith('Not run: '))).toHaveLength(468);
    expect(events.filter(({ message }) => message.includes('468 calls of one answer'))).toHaveLength(1);
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(40_000);
    expect(events.at(-1)?.state).toBe('completed');
  });

  it('and sends broken, huge or misnamed calls is told so, or understood, and goes on', async () => {
    const huge = 'y'.repeat(5_000_000);
    const { jobId, events } = await run(
      inTask(
        0,
        { name: 'teleport', arguments: { to: 'Mars' } },
        { name: 'write_file', arguments: '{"path": "answer.txt", "content": ' },
        { name: 'write_file', arguments: { path: 'a.txt', content: 'x', mode: 7 } },
        { name: 'search', arguments: { pattern: huge } },
        { name: 'read_file', arguments: { path: huge } },
        { name: 'WRITE_FILE', arguments: { path: 'huge.txt', content: huge } },
        { name: ' Write_File', arguments: JSON.stringify(mend.arguments) },
        { name: 'edit_file', arguments: { path: '../../escape', old_text: 'a', new_text: 'b' } },
        finish,
      ),
    );
    const outcomes = results(events).map(({ ok, output }) => `${String(ok)} ${String(output).slice(0, 40)}`);
    expect(outcomes).toEqual([
      expect.stringMatching(/^false There is no tool/),
      expect.stringMatching(/^false The arguments of write_file are wrong/),
      expect.stringMatching(/^false The arguments of write_file are wrong/),
      expect.stringMatching(/^false The arguments of search are wrong/),
      expect.stringMatching(/^false .*(long|4096)/),
      expect.stringMatching(/^false .*larger than 2 MiB/),
      expect.stringMatching(/^true replaced/),
      expect.stringMatching(/^false .*\.\./),
      expect.stringMatching(/^true finished/),
    ]);
    expect(events.at(-1)?.state).toBe('completed');
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(40_000);
    expect(await repo.git('ls-tree', '--name-only', `crew/${jobId.slice(0, 8)}`)).not.toContain('huge');
  });

  it('and deletes a test is found out in the report', async () => {
    const drop: Call = { name: 'delete_file', arguments: { path: 'tests/more.sh' } };
    const { jobId } = await run(inTask(0, drop, mend, finish));
    const { failures, evidence, next_actions } = await report(jobId);
    expect(failures).toEqual(['Tests removed or shortened: tests/more.sh']);
    expect(evidence?.tests_removed_or_weakened).toEqual(['tests/more.sh']);
    expect(next_actions).toContain('Check the tests that were removed or shortened');
  });

  it('and asks a question is answered by nobody once its job is canceled, and the inbox is clear', async () => {
    model = await startModelServer(
      smallScript(inTask(0, { name: 'ask_human', arguments: { question: 'Left or right?' } })),
    );
    engine = await startEngine({
      dataFolder: join(folder, 'data'),
      env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
    });
    const job = {
      goal: 'Mend it',
      repo: repo.path,
      mode: 'live',
      approval: 'auto',
      specialists: 'auto',
    } as const;
    const { job_id } = await engine.call('jobs.create', job);
    await engine.until(job_id, ({ metadata }) => metadata['event_type'] === 'waiting');
    const [question] = (await engine.call('escalations.list', { open: true })).escalations;
    await engine.call('jobs.cancel', { job_id });
    const answer = { job_id, escalation_id: question?.escalation_id ?? '', answer: 'left' };
    expect(await engine.attempt('jobs.answer', answer)).toMatchObject({
      error: {
        code: 'invalid_state',
        message: `job ${job_id} is canceled: it has ended and takes no answer`,
      },
    });
    expect((await engine.call('escalations.list', {})).open_count).toBe(0);
  });
});

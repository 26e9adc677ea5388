import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { addBugFiles, addBugGoal, addBugPlan, addBugScript } from '../../support/scenarios/add-bug.ts';

let folder: string;
let repo: TestRepo;
let model: ModelServer;
let engine: TestEngine;

async function begin(script: ScriptInput): Promise<void> {
  model = await startModelServer(script, { onUnexpected: () => undefined });
  engine = await startEngine({
    dataFolder: join(folder, 'data'),
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url, DEV_CREW_DOCKER_IMAGE: sandboxImage() },
  });
}
beforeEach(async () => {
  folder = await makeTempFolder();
  repo = await makeRepo(join(folder, 'repo'), addBugFiles);
});
afterEach(async () => {
  await engine.stop();
  await model.close();
  await removeTempFolder(folder);
});

const job = (more: Record<string, unknown> = {}) => ({
  goal: addBugGoal,
  repo: repo.path,
  mode: 'live' as const,
  specialists: 'auto' as const,
  ...more,
});
const waiting = (event: { metadata: Record<string, unknown> }): boolean =>
  event.metadata['event_type'] === 'waiting';
/** Of this job only: other tests use the same engine. */
const containers = async (jobId: string): Promise<number> =>
  (await new Docker().listContainers({ all: true, filters: { label: [`dev-crew.job=${jobId}`] } })).length;

interface Call {
  name: string;
  arguments: Record<string, unknown> | string;
}
const oneCall = (name: string, args: Record<string, unknown>): ScriptInput =>
  calls([{ name, arguments: args }]);

/** A script with a task of one step that makes these calls, then finishes; fixing does nothing. */
function calls(toolCalls: Call[]): ScriptInput {
  const base = addBugScript();
  const task = (step: number) => ({ user: 'Your task (t1)', step });
  return {
    ...base,
    exchanges: [
      ...base.exchanges.filter(({ name }) => name.startsWith('study') || name === 'plan'),
      { name: 'call', when: task(0), reply: { toolCalls } },
      {
        name: 'end',
        when: task(1),
        reply: { toolCalls: [{ name: 'finish', arguments: { summary: 'done' } }] },
      },
      {
        name: 'fix',
        when: { user: 'Auto-fix round' },
        times: 'any',
        reply: { toolCalls: [{ name: 'finish', arguments: { summary: 'nothing to do' } }] },
      },
    ],
  };
}

describeWithDocker('a live job', () => {
  it('goes from the goal to a verified commit, with an auto-fix round, and leaves the checkout alone', async () => {
    await begin(addBugScript());
    await repo.write({ 'src/add.js': 'dirty', 'untracked.txt': 'mine' });
    const before = await readFile(join(repo.path, '.git/index'));
    const { job_id: jobId } = await engine.call('jobs.create', job());
    await engine.until(jobId, waiting);
    expect(await containers(jobId)).toBe(0);
    expect((await engine.call('jobs.plan', { job_id: jobId })).plan).toMatchObject({
      tasks: addBugPlan.tasks,
    });
    const approvals = await Promise.all([1, 2].map(() => engine.attempt('jobs.approve', { job_id: jobId })));
    expect(approvals.map(({ ok }) => ok).sort()).toEqual([false, true]);
    await engine.ended(jobId);

    const done = await engine.call('jobs.get', { job_id: jobId });
    expect(done).toMatchObject({ state: 'completed', auto_fix_rounds: 1, tool_calls_used: 2 });
    const report = await engine.call('jobs.report', { job_id: jobId });
    expect(report).toMatchObject({
      failures: [],
      evidence: { tests_before: { passed: false }, tests_after: { passed: true } },
    });
    expect(report.evidence?.model_calls).toBe(model.state().requests.length);
    model.assertDone();

    expect(await repo.git('log', '-1', '--format=%an <%ae>', done.work_branch)).toBe(
      'Test User <test@example.com>',
    );
    expect(
      await repo.git('log', '-1', '--format=%(trailers:key=Dev-Crew-Job,valueonly)', done.work_branch),
    ).toContain(jobId);
    expect(await repo.git('rev-list', '--count', `main..${done.work_branch}`)).toBe('1');
    expect(await readFile(join(repo.path, '.git/index'))).toEqual(before);
    expect(await readFile(join(repo.path, 'src/add.js'), 'utf8')).toBe('dirty');
    const diff = await engine.call('jobs.diff', { job_id: jobId });
    expect(diff.files).toEqual([{ path: 'src/add.js', additions: 2, deletions: 1 }]);
    expect(diff.diff).toContain('+  return a + b;');
    expect(await engine.attempt('jobs.approve', { job_id: jobId })).toMatchObject({
      error: { code: 'invalid_state' },
    });
    await engine.stop();
    expect(await containers(jobId)).toBe(0);
    expect(await readdir(join(folder, 'data/worktrees'))).toEqual([]);
  });

  it('sends num_ctx and tools to Ollama', async () => {
    await begin(addBugScript());
    const { job_id: jobId } = await engine.call('jobs.create', job({ mode: 'plan_only' }));
    await engine.until(jobId, waiting);
    const body = model.state().requests[0]?.body as { options: { num_ctx: number }; tools: unknown[] };
    expect(body.options.num_ctx).toBe(32_768);
    expect(body.tools.length).toBeGreaterThan(3);
  });

  it('plans only, where it is told to: nothing is executed after approval', async () => {
    await begin(addBugScript());
    const { job_id: jobId } = await engine.call('jobs.create', job({ mode: 'plan_only', approval: 'auto' }));
    const events = await engine.ended(jobId);
    expect(events.at(-1)?.state).toBe('completed');
    expect(await repo.git('rev-parse', `crew/${jobId.slice(0, 8)}`)).toBe(
      await repo.git('rev-parse', 'main'),
    );
  });

  it('asks a person, waits without a slot or a container, and goes on with the answer', async () => {
    await begin(oneCall('ask_human', { question: 'Which way?', options: ['left', 'right'] }));
    const { job_id: jobId } = await engine.call('jobs.create', job({ approval: 'auto' }));
    await engine.until(jobId, waiting);
    expect(await engine.call('jobs.get', { job_id: jobId })).toMatchObject({
      state: 'executing',
      waiting_for: 'answer',
    });
    expect(await containers(jobId)).toBe(0);
    const { escalations } = await engine.call('escalations.list', { open: true });
    expect(escalations[0]).toMatchObject({
      metadata: { question: 'Which way?', options: ['left', 'right'] },
    });
    const id = escalations[0]?.escalation_id ?? '';
    await engine.call('jobs.answer', { job_id: jobId, escalation_id: id, answer: 'left' });
    expect(
      await engine.attempt('jobs.answer', { job_id: jobId, escalation_id: id, answer: 'right' }),
    ).toMatchObject({ ok: false });
    await engine.ended(jobId);
    const asked = model.state().requests.find(({ exchange }) => exchange === 'end');
    expect(JSON.stringify(asked?.body)).toContain('left');
  });

  it('is canceled in the middle of a command at once; what was done stays as a snapshot', async () => {
    await begin(oneCall('run_command', { command: 'echo work > done.txt; echo begun; sleep 1000' }));
    const { job_id: jobId } = await engine.call('jobs.create', job({ approval: 'auto' }));
    await engine.until(jobId, ({ metadata }) => JSON.stringify(metadata).includes('sleep 1000'));
    await runningContainer(jobId);
    expect(await engine.call('jobs.cancel', { job_id: jobId, reason: 'enough' })).toMatchObject({
      state: 'canceled',
    });
    await engine.ended(jobId);
    await engine.stop();
    expect(await containers(jobId)).toBe(0);
    expect(await repo.git('for-each-ref', '--format=%(refname)', `refs/dev-crew/${jobId}/`)).toMatch(/\/1$/m);
  });

  it('ends as canceled when the plan is rejected', async () => {
    await begin(addBugScript());
    const { job_id: jobId } = await engine.call('jobs.create', job());
    await engine.until(jobId, waiting);
    expect(await engine.call('jobs.reject', { job_id: jobId, reason: 'too risky' })).toMatchObject({
      state: 'canceled',
    });
    const again = await engine.call('jobs.retry', { job_id: jobId });
    expect(await engine.call('jobs.get', { job_id: again.job_id })).toMatchObject({
      retry_of: jobId,
      goal: addBugGoal,
    });
  });

  it('answers the model for each wrong call and goes on; a result that fails its tests is never completed', async () => {
    const wrong = [
      ['teleport', {}, 'There is no tool'],
      ['read_file', { path: '../../../../etc/passwd' }, /outside|\.\./],
      ['read_file', { path: '/etc/passwd' }, /absolute|relative/i],
      ['write_file', { path: '.git/hooks/post-commit', content: 'echo' }, /\.git/],
      ['run_command', { command: 'git reset --hard HEAD' }, 'Refused by policy'],
      ['run_command', { command: `sh -c 'r""m -rf /'` }, 'Refused by policy'],
      ['edit_file', 'not json at all', 'arguments'],
    ] as const;
    await begin(calls(wrong.map(([name, args]) => ({ name, arguments: args }))));
    const { job_id: jobId } = await engine.call('jobs.create', job({ approval: 'auto' }));
    const events = await engine.ended(jobId);
    const refused = events.flatMap(({ metadata }) =>
      metadata['event_type'] === 'tool_result' && metadata['ok'] === false
        ? [String(metadata['output'])]
        : [],
    );
    expect(refused).toHaveLength(wrong.length);
    wrong.forEach(([, , answer], index) => expect(refused[index]).toMatch(answer));
    expect(events.at(-1)?.state).toBe('failed');
    expect((await engine.call('jobs.report', { job_id: jobId })).failures.join()).toContain('node --test');
    expect(await engine.call('jobs.get', { job_id: jobId })).toMatchObject({ tool_calls_used: 0 });
  });
});

/** Resolves once a container of ours runs, by the engine's own events. */
async function runningContainer(jobId: string): Promise<void> {
  const docker = new Docker();
  const stream = await docker.getEvents({
    filters: { label: [`dev-crew.job=${jobId}`], event: ['exec_start'] },
  });
  const started = new Promise<void>((resolve) => stream.once('data', () => resolve()));
  const running = await docker.listContainers({
    filters: { label: [`dev-crew.job=${jobId}`, 'dev-crew.purpose=work'] },
  });
  if (running.length === 0) await started;
  (stream as unknown as { destroy(): void }).destroy();
}

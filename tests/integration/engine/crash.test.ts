import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobStates, type JobEvent } from '../../../src/shared/job.ts';
import { describeWithDocker, sandboxImage } from '../../support/requirements.ts';
import { runEngineProcess, type EngineRun } from '../../support/killable-engine.ts';
import { startEngine } from '../../support/engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';

let folder: string;
let dataFolder: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  dataFolder = join(folder, 'data');
});
afterEach(() => removeTempFolder(folder));

/** Kills the engine in each state it has not died in yet, and after every few events, until the job ends by itself. */
async function killUntilEnded(
  every: number,
  env: Record<string, string>,
  job: Record<string, unknown>,
): Promise<{ last: EngineRun; diedIn: Set<string> }> {
  const diedIn = new Set<string>();
  let seen = 0;
  for (let kills = 0; kills < 200; kills += 1) {
    const states = jobStates.filter((state) => !diedIn.has(state)).join();
    const kill = {
      DEV_CREW_TEST_KILL_IN_STATES: states,
      DEV_CREW_TEST_SEEN_EVENTS: `${seen}`,
      ...killAt(seen + every),
    };
    const run = await runEngineProcess({
      dataFolder,
      env: { ...env, ...kill },
      ...(kills === 0 ? { job } : {}),
    });
    if (run.exitCode === 0) return { last: run, diedIn };
    expect(run.stderr).not.toContain('defect');
    diedIn.add(run.events.at(-1)?.state ?? '');
    seen = Math.max(seen, run.events.length);
  }
  throw new Error('the job never ended');
}

const moves = (events: readonly JobEvent[]): string[] =>
  events.flatMap(({ metadata: m }) =>
    m['event_type'] === 'state_transition' ? [String(m['to_state'])] : [],
  );

/** No event lost, none doubled: ids rise, order is 1, 2, 3 …, and no step of an agent is told twice. */
function expectWholeHistory(events: readonly JobEvent[]): void {
  expect(events.map(({ metadata }) => metadata['call_order'])).toEqual(events.map((_, index) => index + 1));
  const steps = events.flatMap(({ metadata: m }) =>
    m['event_type'] === 'agent_step' || m['event_type'] === 'tool_result'
      ? [[m['event_type'], m['agent'], m['step'], m['call_id']].join(' ')]
      : [],
  );
  expect(new Set(steps).size).toBe(steps.length);
}

const killAt = (id: number): Record<string, string> => ({ DEV_CREW_TEST_KILL_AT_EVENT: `${id}` });

describe('kill -9 of an engine with a dry run', () => {
  it('at every second event: the job goes on, no event is lost or doubled', async () => {
    const env = { DEV_CREW_CREWAI_DRY_RUN: '1' };
    const states = new Set<string>();
    let last = await runEngineProcess({
      dataFolder,
      env: { ...env, ...killAt(1) },
      job: { goal: 'g', repo: 'r/r' },
    });
    while (last.exitCode !== 0) {
      states.add(last.events.at(-1)?.state ?? '');
      last = await runEngineProcess({ dataFolder, env: { ...env, ...killAt(last.events.length + 2) } });
    }
    expect([...states]).toEqual(expect.arrayContaining(['received', 'planning', 'executing', 'completed']));
    expectWholeHistory(last.events);
    expect(last.events).toHaveLength(21);
    const engine = await startEngine({ dataFolder, start: false });
    expect(await engine.call('audit.verify', {})).toMatchObject({ ok: true });
    await engine.stop();
    const audit = (await readFile(join(dataFolder, 'audit.log'), 'utf8')).trim().split('\n');
    const numbers = audit.map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describeWithDocker('kill -9 of an engine with a live job', () => {
  let repo: TestRepo;
  let model: ModelServer;
  const env = (): Record<string, string> => ({
    DEV_CREW_OLLAMA_BASE_URL: model.url,
    DEV_CREW_DOCKER_IMAGE: sandboxImage(),
  });
  const job = () => ({ goal: addBugGoal, repo: repo.path, mode: 'live', specialists: 'auto' });
  beforeEach(async () => {
    repo = await makeRepo(join(folder, 'repo'), { ...addBugFiles, '.gitignore': 'marker\n' });
  });
  afterEach(async () => {
    await model.close();
  });

  it('in every state, again and again: one history, one commit, no container left', async () => {
    model = await startModelServer(addBugScript({ replayIdentical: true }));
    const { last, diedIn } = await killUntilEnded(6, env(), job());
    expect([...diedIn].sort()).toEqual(
      jobStates.filter((state) => state !== 'failed' && state !== 'canceled').sort(),
    );
    expectWholeHistory(last.events);
    expect(moves(last.events)).toEqual([
      'context_collecting',
      'planning',
      'awaiting_plan_approval',
      'executing',
      'auto_fixing',
      'executing',
      'reporting',
      'completed',
    ]);
    const branch = `crew/${last.events[0]?.job_id.slice(0, 8)}`;
    expect(await repo.git('rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(await containersOf(last.events[0]?.job_id)).toEqual([]);
    expect(model.state().unexpected).toEqual([]);
  });

  it('in the middle of a command: the worktree is put back and the command runs once more', async () => {
    model = await startModelServer(hangingCommand());
    const worktreeOf = (event: JobEvent): string => join(dataFolder, 'worktrees', event.job_id);
    const first = await runEngineProcess({
      dataFolder,
      env: env(),
      job: job(),
      killAt: async (event) => {
        if (!JSON.stringify(event.metadata).includes('run_command')) return false;
        await appears(worktreeOf(event), 'marker');
        return true;
      },
    });
    expect(first.exitCode).toBeNull();
    const jobId = first.events[0]?.job_id ?? '';
    expect(await containersOf(jobId)).toHaveLength(1);
    const second = await runEngineProcess({ dataFolder, env: env() });
    expectWholeHistory(second.events);
    expect(await repo.git('show', `crew/${jobId.slice(0, 8)}:log.txt`)).toBe('once');
    expect(await containersOf(jobId)).toEqual([]);
  });
});

async function containersOf(jobId: string | undefined): Promise<string[]> {
  const filters = { label: [`dev-crew.job=${jobId}`] };
  const found = await new Docker().listContainers({ all: true, filters });
  return found.map(({ Id }) => Id);
}

/** Resolves when `name` exists in `folder`. */
function appears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, look);
    function look(): void {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    }
    look();
  });
}

/** The first run of the command writes and hangs; the ignored file `marker` lets the second one end. */
function hangingCommand(): ScriptInput {
  const base = addBugScript({ replayIdentical: true });
  const task = (step: number) => ({ user: 'Your task (t1)', step });
  const command = 'echo once >> log.txt; if [ -e marker ]; then exit 0; fi; touch marker; sleep 1000';
  const finish = { name: 'finish', arguments: { summary: 'done' } };
  return {
    ...base,
    exchanges: [
      ...(base.exchanges ?? []).filter(({ name }) => name.startsWith('study') || name === 'plan'),
      {
        name: 'hang',
        when: task(0),
        reply: { toolCalls: [{ name: 'run_command', arguments: { command } }] },
      },
      { name: 'end', when: task(1), reply: { toolCalls: [finish] } },
      { name: 'fix', when: { user: 'Auto-fix round' }, times: 'any', reply: { toolCalls: [finish] } },
    ],
  };
}

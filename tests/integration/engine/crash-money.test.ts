import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { startEngine } from '../../support/engine.ts';
import { runEngineProcess } from '../../support/killable-engine.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { planning, smallFiles, smallPlan, studies } from './bad-support.ts';
import { lastState } from './money-support.ts';

let folder: string;
let repo: TestRepo;
let model: ModelServer;
beforeEach(async () => {
  folder = await makeTempFolder();
  repo = await makeRepo(join(folder, 'repo'), smallFiles);
});
afterEach(async () => {
  await model.close();
  await removeTempFolder(folder);
});

const dataFolder = (): string => join(folder, 'data');
const env = (): Record<string, string> => ({ DEV_CREW_OLLAMA_BASE_URL: model.url });
const job = (max_tokens: number) => ({
  goal: 'Mend the answer',
  repo: repo.path,
  mode: 'plan_only',
  approval: 'auto',
  specialists: 'auto',
  max_tokens,
});
const usage = { prompt: 1000, completion: 100, cached: 0, cacheWrite: 0, reasoning: 0 };
const calls = (): number => model.state().requests.filter(({ path }) => path === '/api/chat').length;

function openStore(): Store {
  const opened = createSqliteStore({ path: join(dataFolder(), 'jobs.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** Resolves when the job waits for its budget, in whichever process. */
function waiting(jobId: string): Promise<void> {
  const store = openStore();
  return new Promise((resolve) => {
    const look = (): void => {
      if (store.tables.jobs.get(jobId)?.waitingFor !== 'budget') return;
      store.close();
      resolve();
    };
    store.onForeignCommit(look);
    look();
  });
}

describe('kill -9 between the reservation and the settlement of a call', () => {
  it('books its worst case at the next start, and the job goes on', async () => {
    model = await startModelServer({
      replayIdentical: true,
      exchanges: [
        { ...studies, reply: { text: 'answer.txt is wrong.', usage } },
        planning({ text: [{ gate: 'plan' }, JSON.stringify(smallPlan)], usage }),
      ],
    });
    // The leader's call is on its way and not answered: reserved, and nobody to settle it.
    let studied = 0;
    const first = await runEngineProcess({
      dataFolder: dataFolder(),
      env: env(),
      job: job(1_000_000),
      killAt: async ({ metadata }) => {
        if (metadata['event_type'] !== 'workflow_step' || metadata['step'] !== 'pan_out') return false;
        if (metadata['phase'] !== 'completed') return false;
        studied = calls();
        await model.until(() => calls() > studied);
        return true;
      },
    });
    expect(first.exitCode).toBeNull();
    const jobId = first.events[0]?.job_id ?? '';
    const engine = await startEngine({ dataFolder: dataFolder(), env: env(), start: false });
    const left = await engine.call('jobs.spending', { job_id: jobId });
    // Nobody has looked yet: what was spent is settled, the call that was cut off is still reserved.
    expect(left.spent_tokens).toBe(studied * 1100);
    expect(left.reserved_tokens).toBeGreaterThan(8192);
    model.release('plan');
    await engine.app.start();
    expect(lastState(await engine.ended(jobId))).toBe('completed');
    const spent = await engine.call('jobs.spending', { job_id: jobId });
    expect(spent).toMatchObject({
      reserved_tokens: 0,
      // The studies, the call that nobody heard the end of at its worst case, and the same call once more.
      spent_tokens: left.spent_tokens + left.reserved_tokens + 1100,
    });
    const { csv } = await engine.call('usage.csv', {});
    const crashed = csv.split('\r\n').filter((line) => line.endsWith(',error,crashed'));
    expect(crashed).toHaveLength(1);
    expect((await engine.call('usage.report', { by: 'role' })).total).toMatchObject({
      calls: studied + 2,
      error_calls: 1,
    });
    await engine.stop();
  });

  it('again and again never brings a job above its limit', async () => {
    model = await startModelServer({
      replayIdentical: true,
      exchanges: [{ ...studies, reply: { fault: 'hang', text: 'half an ' } }, planning()],
    });
    const limit = 90_000;
    const booked: number[] = [];
    let state: { waits: boolean } = { waits: false };
    for (let kills = 0; kills < 12 && !state.waits; kills += 1) {
      const before = calls();
      const run = await runEngineProcess({
        dataFolder: dataFolder(),
        env: env(),
        ...(kills === 0 ? { job: job(limit) } : {}),
        killAt: async ({ metadata, job_id }) => {
          if (metadata['event_type'] !== 'workflow_step' || metadata['step'] !== 'pan_out') return false;
          await Promise.race([model.until(() => calls() > before), waiting(job_id)]);
          return true;
        },
      });
      const store = openStore();
      const jobId = run.events[0]?.job_id ?? '';
      const { spent, reserved } = store.tables.ledger.ofJob(jobId);
      booked.push(spent.tokens + reserved.tokens);
      state = { waits: store.tables.jobs.get(jobId)?.waitingFor === 'budget' };
      store.close();
    }
    expect(state).toEqual({ waits: true });
    // It rose with each kill, up to where the next call did not fit, and stayed below the limit.
    expect(booked.length).toBeGreaterThan(2);
    expect([...booked].sort((a, b) => a - b)).toEqual(booked);
    expect(Math.max(...booked)).toBeLessThanOrEqual(limit);
  });
});

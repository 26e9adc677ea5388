import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { EscalationView } from '../../../src/shared/escalation.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import type { InputOf } from '../../../src/shared/operations.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { planning, smallFiles, smallPlan, studies } from './bad-support.ts';

const usage = { prompt: 1000, completion: 100, cached: 0, cacheWrite: 0, reasoning: 0 };
/** A crew whose every call has 1,000 tokens of prompt and 100 of answer. */
export const crew: ScriptInput = {
  exchanges: [
    { ...studies, reply: { text: 'answer.txt is wrong.', usage } },
    planning({ text: JSON.stringify(smallPlan), usage }),
  ],
};

export const waitsFor =
  (what: string) =>
  ({ metadata }: JobEvent): boolean =>
    metadata['event_type'] === 'waiting' && metadata['waiting_for'] === what;
export const lastState = (events: readonly JobEvent[]): string | undefined => events.at(-1)?.state;

/** An engine whose jobs plan for real and execute nothing: all that costs, and no container. */
export class MoneyStage {
  folder = '';
  repo!: TestRepo;
  model!: ModelServer;
  engine!: TestEngine;

  async begin(script: ScriptInput = crew): Promise<TestEngine> {
    this.model = await startModelServer(script);
    mkdirSync(join(this.folder, 'tokens'), { mode: 0o700 });
    return this.start();
  }

  async start(start = true): Promise<TestEngine> {
    this.engine = await startEngine({
      dataFolder: join(this.folder, 'data'),
      env: {
        DEV_CREW_OLLAMA_BASE_URL: this.model.url,
        DEV_CREW_OAUTH_TOKEN_PATH: join(this.folder, 'tokens', 'tokens.json'),
      },
      start,
    });
    return this.engine;
  }

  async create(change: Partial<InputOf<'jobs.create'>> = {}): Promise<string> {
    const job = { goal: 'Mend the answer', mode: 'plan_only', specialists: 'auto' } as const;
    const input = { ...job, repo: this.repo.path, approval: 'auto' as const, ...change };
    return (await this.engine.call('jobs.create', input)).job_id;
  }

  /** What is open in the inbox. */
  async open(): Promise<EscalationView[]> {
    return (await this.engine.call('escalations.list', { open: true })).escalations;
  }

  /** Resolves when the counts are these. */
  counted(wanted: { running: number; waiting: number; queued: number }): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.engine.app.onCounts((counts) => {
        if (JSON.stringify(counts) !== JSON.stringify(wanted)) return;
        stop();
        resolve();
      });
    });
  }
}

/** A stage for each test of the file. */
export function useMoneyStage(): MoneyStage {
  const stage = new MoneyStage();
  beforeEach(async () => {
    stage.folder = await makeTempFolder();
    stage.repo = await makeRepo(join(stage.folder, 'repo'), smallFiles);
  });
  afterEach(async () => {
    await stage.engine.stop();
    await stage.model.close();
    await removeTempFolder(stage.folder);
  });
  return stage;
}

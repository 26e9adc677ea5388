import { afterEach, describe, expect, it } from 'vitest';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import type { EngineDeps } from '../../../src/main/app/crew/engine.ts';
import { contextFact, workspaceFact } from '../../../src/main/app/crew/facts.ts';
import { createRunJob } from '../../../src/main/app/crew/run-job.ts';
import { createJournal } from '../../../src/main/app/journal.ts';
import type { Credentials } from '../../../src/main/app/ports/credentials.ts';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import { createWaitWatcher } from '../../../src/main/app/waits/wait-watcher.ts';
import { createWorker } from '../../../src/main/app/worker.ts';
import { localDay, nextMidnight } from '../../../src/main/domain/local-day.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';
import { createRandomIds } from '../../../src/main/infra/system/clock.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import type { Settings } from '../../../src/shared/settings.ts';
import { done, makeCaller, openCredentials, text } from '../../support/caller.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { jobRecord, newStore } from '../sqlite/support.ts';

/** The engine's own worker, journal and crew on a clock that a test moves; jobs stand before their planning. */
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  expect(defects).toEqual([]);
});

const plan = {
  tasks: [{ id: 't1', title: 'Mend it', owner_agent: 'backend' }],
  test_matrix: ['true'],
  pr: { title: 'Mend it', body: '' },
};
/** What no test of these may bring about. */
const defects: string[] = [];
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message: string) => void defects.push(message),
};

function stage(
  answer: (model: string, nowMs: number) => 'ok' | { resetsAtMs: number },
  settings: Partial<Settings> = {},
) {
  const clock = createManualClock();
  const store = newStore();
  const bus = createEventBus((error) => void defects.push(String(error)));
  const redactor = createRedactor();
  const journal = createJournal({ store, bus, clock, redactor, onCommitted: () => undefined });
  const gates = new Map<string, number>();
  const credentials: Credentials = openCredentials({
    gate: ({ provider }, untilMs) => void gates.set(provider, untilMs ?? 0),
    active: (provider, signal) => {
      const untilMs = gates.get(provider) ?? 0;
      if (untilMs <= clock.now()) return openCredentials().active(provider, signal);
      return Promise.resolve({
        ok: false,
        error: { kind: 'quota_exhausted', resetsAtMs: untilMs, message: 'nothing left' },
      });
    },
  });
  const model: ModelPort = {
    async *stream(request) {
      const what = answer(request.model, clock.now());
      if (what !== 'ok') {
        yield { type: 'error', error: { kind: 'quota_exhausted', message: 'nothing left', ...what } };
        return;
      }
      yield text(request.responseSchema ? JSON.stringify(plan) : 'It is wrong.');
      yield done();
    },
  };
  const caller = makeCaller({ store, clock, model, settings, credentials });
  const shared = { store, journal, bus, clock, log, credentials, ledger: caller.ledger };
  const engine = {
    ...shared,
    ids: createRandomIds(),
    redactor,
    policy: { refuse: () => null },
    openFiles: () => ({}),
    callModel: caller.call,
    fits: caller.ledger.fits,
    settings: () => caller.settings,
  } as unknown as EngineDeps;
  const waits = createWaitWatcher({ ...shared, settings: () => caller.settings });
  const worker = createWorker({
    ...shared,
    owner: 'here:1:test',
    leaseMs: 15_000,
    slots: () => 4,
    runJob: createRunJob(engine),
  });
  const add = (jobId: string, modelName: string): void =>
    store.transaction((tables) => {
      const models = { model: modelName, managerModel: modelName };
      tables.jobs.insert(
        jobRecord(jobId, { state: 'planning', mode: 'live', specialists: 'auto', ...models }),
      );
      const handle = { jobId, gitDir: '', worktreeGitDir: '', worktree: '', baseCommit: '', workBranch: '' };
      workspaceFact.set(tables, jobId, handle);
      const context = {
        files: [],
        fileCount: 0,
        manifests: [],
        instructions: [],
        readme: null,
        moduleMap: [],
        testCommands: [],
      };
      contextFact.set(tables, jobId, context);
      tables.queue.enqueue(jobId, 0, clock.now());
    });
  const start = (): void => {
    worker.start();
    waits.start();
    stops.push(async () => {
      await waits.stop();
      await worker.stop();
    });
  };
  return { clock, store, bus, add, start };
}

type Stage = ReturnType<typeof stage>;

/** Resolves when the job waits for that. */
const waits = ({ store, bus }: Stage, jobId: string, what: string): Promise<JobEvent | null> =>
  new Promise((resolve) => {
    const look = (event: JobEvent | null): void => {
      if (store.tables.jobs.get(jobId)?.waitingFor === what) resolve(event);
    };
    bus.onEvents((events) => look(events.find((event) => event.job_id === jobId) ?? null));
    look(null);
  });

const hourMs = 3_600_000;

describe('the quota of an account', () => {
  it('is waited for without a slot, and the jobs go on by themselves at its reset', async () => {
    const resetsAtMs = Date.UTC(2026, 10, 22) + 5 * hourMs;
    const asked: string[] = [];
    const running = stage((model, nowMs) => {
      asked.push(model);
      return model.startsWith('openai/') && nowMs < resetsAtMs ? { resetsAtMs } : 'ok';
    });
    running.add('one', 'openai/gpt-5');
    running.add('two', 'openai/gpt-5');
    running.add('three', 'anthropic/claude-opus-5');
    running.start();
    await Promise.all([waits(running, 'one', 'quota'), waits(running, 'two', 'quota')]);
    // The third is on another account.
    await waits(running, 'three', 'plan_approval');
    const asOpenAi = (): number => asked.filter((model) => model.startsWith('openai/')).length;
    const before = asOpenAi();
    const { tables } = running.store;
    await running.clock.advance(resetsAtMs - running.clock.now() - 1000);
    expect(tables.queue.leases(running.clock.now())).toEqual([]);
    expect(asOpenAi()).toBe(before);
    expect(tables.escalations.countOpen()).toBe(0);
    const both = Promise.all([
      waits(running, 'one', 'plan_approval'),
      waits(running, 'two', 'plan_approval'),
    ]);
    await running.clock.advance(1000);
    await both;
    expect(running.clock.now()).toBe(resetsAtMs);
    const told = tables.events.ofJob('one', { afterId: 0, limit: 100 }).map(({ metadata }) => metadata);
    expect(told).toContainEqual(
      expect.objectContaining({
        event_type: 'waiting',
        waiting_for: 'quota',
        until: new Date(resetsAtMs).toISOString(),
      }),
    );
    expect(told).toContainEqual(expect.objectContaining({ event_type: 'resumed', waited_for: 'quota' }));
  });
});

describe('a limit of the day', () => {
  it('is free again at local midnight, and the job goes on by itself', async () => {
    const running = stage(() => 'ok', { day_max_tokens: 15_000 });
    const { clock, store } = running;
    const today = localDay(clock.now());
    store.transaction(({ ledger }) =>
      ledger.insert({
        reservationId: 'spent',
        state: 'settled',
        amount: { tokens: 10_000, micros: 0 },
        promptTokens: 0,
        jobId: null,
        provider: 'openai',
        accountId: 'default',
        model: 'm',
        role: null,
        day: today,
        owner: 'here:1:test',
        atMs: clock.now(),
      }),
    );
    running.add('one', 'openai/gpt-5');
    running.start();
    await waits(running, 'one', 'budget');
    const [asked] = store.tables.escalations.ofJob('one');
    expect(asked?.metadata).toMatchObject({ kind: 'budget', limit: 'day', used: 10_000, max: 15_000 });
    const midnight = nextMidnight(clock.now());
    await clock.advance(midnight - clock.now() - 1);
    expect(store.tables.jobs.get('one')?.waitingFor).toBe('budget');
    const planned = waits(running, 'one', 'plan_approval');
    await clock.advance(1);
    await planned;
    expect(store.tables.escalations.get(asked?.escalation_id ?? '')?.resolved_at).not.toBeNull();
    expect(store.tables.ledger.ofDay(localDay(midnight)).spent.tokens).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import type { Tables } from '../../../src/main/app/ports/store.ts';
import type { Report } from '../../../src/shared/report.ts';
import { jobRecord, newStore } from './support.ts';

const withJob = (jobId = 'job-1') => {
  const store = newStore();
  store.transaction((tables) => tables.jobs.insert(jobRecord(jobId)));
  return store;
};

describe('transaction', () => {
  it('keeps nothing when its work throws, and nothing of the error is lost', () => {
    const store = newStore();
    const defect = new Error('defect');
    const work = (tables: Tables): void => {
      tables.jobs.insert(jobRecord('a'));
      throw defect;
    };
    expect(() => store.transaction(work)).toThrow(defect);
    expect(store.tables.jobs.get('a')).toBeNull();
    store.transaction((tables) => tables.jobs.insert(jobRecord('a')));
    expect(store.tables.jobs.get('a')).not.toBeNull();
  });

  it('is the only place for writes, and there is one at a time', () => {
    const store = newStore();
    expect(() => store.tables.jobs.insert(jobRecord('a'))).toThrow(/outside of a transaction/);
    expect(() => store.transaction(() => store.transaction(() => 1))).toThrow(/inside a transaction/);
  });

  it('refuses a row of a job that does not exist at its commit, in any order before', () => {
    const store = newStore();
    expect(() => store.transaction(({ queue }) => queue.enqueue('nobody', 0, 1))).toThrow(/FOREIGN KEY/);
    store.transaction(({ queue, jobs }) => {
      queue.enqueue('a', 0, 1);
      jobs.insert(jobRecord('a'));
    });
  });
});

describe('jobs', () => {
  it('gives back what was written, and refuses an update on a version that has moved', () => {
    const store = newStore();
    const job = jobRecord('a', { error: 'why', waitingFor: 'budget', goal: '한국어 "quotes"\n' });
    store.transaction(({ jobs }) => jobs.insert(job));
    expect(store.tables.jobs.get('a')).toEqual(job);
    const next = { ...job, version: 1, state: 'failed' as const };
    expect(store.transaction(({ jobs }) => jobs.update(next, 0))).toBe(true);
    expect(store.transaction(({ jobs }) => jobs.update({ ...next, version: 2 }, 0))).toBe(false);
    expect(store.tables.jobs.get('a')).toEqual(next);
  });

  it('lists newest first, page by page, with the total of the filter', () => {
    const store = newStore();
    store.transaction(({ jobs }) => {
      for (let n = 0; n < 7; n += 1) {
        const state = n % 2 ? 'planning' : 'failed';
        // Two by two of the same time, so that the id decides.
        jobs.insert(jobRecord(`job-${n}`, { createdAtMs: Math.floor(n / 2), state }));
      }
    });
    const ids = (query: Parameters<typeof store.tables.jobs.list>[0]) => {
      const { jobs, next, total } = store.tables.jobs.list(query);
      return { ids: jobs.map((job) => job.jobId), next, total };
    };
    expect(ids({ limit: 3 })).toEqual({ ids: ['job-6', 'job-5', 'job-4'], next: 'job-4', total: 7 });
    expect(ids({ limit: 4, before: 'job-4' })).toEqual({
      ids: ['job-3', 'job-2', 'job-1', 'job-0'],
      next: null,
      total: 7,
    });
    expect(ids({ limit: 9, state: 'planning' }).ids).toEqual(['job-5', 'job-3', 'job-1']);
    expect(ids({ limit: 1, before: 'job-5', state: 'planning' })).toEqual({
      ids: ['job-3'],
      next: 'job-3',
      total: 3,
    });
    expect(ids({ limit: 3, before: 'nobody' }).ids).toEqual([]);
  });

  it('counts and lists what waits for a human; a quota comes back without one', () => {
    const store = newStore();
    const waits = ['plan_approval', 'answer', 'budget', 'quota', null] as const;
    store.transaction(({ jobs }) =>
      waits.forEach((waitingFor, n) => jobs.insert(jobRecord(`job-${n}`, { waitingFor }))),
    );
    expect(store.tables.jobs.countWaiting()).toBe(3);
    expect(store.tables.jobs.list({ limit: 9, waiting: true }).jobs.map((job) => job.waitingFor)).toEqual([
      'budget',
      'answer',
      'plan_approval',
    ]);
    expect(store.tables.jobs.list({ limit: 9, waiting: false }).total).toBe(2);
  });

  it('names recent repositories once, with the branch used last', () => {
    const store = newStore();
    store.transaction(({ jobs }) => {
      jobs.insert(jobRecord('a', { repo: 'x', baseBranch: 'main', createdAtMs: 1 }));
      jobs.insert(jobRecord('b', { repo: 'y', baseBranch: 'main', createdAtMs: 2 }));
      jobs.insert(jobRecord('c', { repo: 'x', baseBranch: 'dev', createdAtMs: 3 }));
    });
    expect(store.tables.jobs.recentRepos(5)).toEqual([
      { repo: 'x', baseBranch: 'dev', lastUsedAtMs: 3 },
      { repo: 'y', baseBranch: 'main', lastUsedAtMs: 2 },
    ]);
    expect(store.tables.jobs.recentRepos(1)).toHaveLength(1);
  });
});

describe('events', () => {
  const event = (version: number) => ({
    version,
    atMs: 1_700_000_000_000 + version,
    state: 'planning' as const,
    message: `event ${version}`,
    metadata: { event_type: 'notice', call_order: version },
  });

  it('have one position across jobs, and are read from both ends', () => {
    const store = withJob('a');
    const { events } = store.tables;
    const stored = store.transaction((tables) => {
      tables.jobs.insert(jobRecord('b'));
      return [1, 2, 3].flatMap((n) => [
        ...tables.events.append('a', [event(n)]),
        ...tables.events.append('b', [event(n)]),
      ]);
    });
    expect(stored.map((item) => item.id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.all(0, 100)).toEqual(stored);
    expect(events.all(2, 2).map((item) => item.id)).toEqual([3, 4]);
    const a = (query: Parameters<typeof events.ofJob>[1]) => events.ofJob('a', query).map((item) => item.id);
    expect(a({ afterId: 0, limit: 2 })).toEqual([1, 3]);
    expect(a({ afterId: 1, limit: 9 })).toEqual([3, 5]);
    expect(a({ afterId: 0, limit: 2, tail: true })).toEqual([3, 5]);
    expect(a({ afterId: 0, beforeId: 5, limit: 1, tail: true })).toEqual([3]);
    expect(a({ afterId: 1, beforeId: 5, limit: 9 })).toEqual([3]);
    expect(events.last('b')).toEqual(stored[5]);
    expect(events.last('nobody')).toBeNull();
    expect(events.head()).toBe(6);
    expect(newStore().tables.events.head()).toBe(0);
  });

  it('cannot have the same version twice', () => {
    const store = withJob('a');
    store.transaction(({ events }) => events.append('a', [event(1)]));
    expect(() => store.transaction(({ events }) => events.append('a', [event(1)]))).toThrow(/UNIQUE/);
  });
});

describe('receipts, plans, tasks, transcripts, runs, reports, values', () => {
  it('give back what was written', () => {
    const store = withJob('a');
    const report: Report = { run_summary: 's', links: [], failures: [], next_actions: [], evidence: null };
    const plan = {
      tasks: [],
      files_to_change: [],
      commands: [],
      test_matrix: ['npm test'],
      pr: { title: 't', body: 'b' },
      risks: [],
      approvals: { requires_plan_approval: true as const },
    };
    const run = {
      runId: 'r1',
      jobId: 'a',
      purpose: 'verification' as const,
      command: 'npm test',
      exitCode: null,
      timedOut: true,
      durationMs: 1.5,
      output: 'x',
      atMs: 7,
    };
    store.transaction((tables) => {
      tables.receipts.insert('key', 'a', 'hash', 1);
      tables.plans.insert('a', 1, plan, 5);
      tables.tasks.upsert({ jobId: 'a', taskId: 't2', status: 'pending', summary: '' });
      tables.tasks.upsert({ jobId: 'a', taskId: 't1', status: 'pending', summary: '' });
      tables.tasks.upsert({ jobId: 'a', taskId: 't2', status: 'done', summary: 'ok' });
      tables.transcript.append('a', 'qa', 0, { kind: 'user', text: 'go' }, 1);
      tables.transcript.append('a', 'backend', 0, { kind: 'user', text: 'go' }, 2);
      tables.transcript.append('a', 'qa', 1, { kind: 'end', outcome: 'finished', summary: 'did' }, 3);
      tables.sandboxRuns.insert(run);
      tables.reports.save('a', { ...report, run_summary: 'first' }, 1);
      tables.reports.save('a', report, 2);
      tables.values.set('one', { a: [1] });
      tables.values.set('none', null);
    });
    const { tables } = store;
    expect(tables.receipts.get('key')).toEqual({ jobId: 'a', requestHash: 'hash' });
    expect(tables.receipts.get('other')).toBeNull();
    expect(tables.plans.get('a', 1)).toEqual({ version: 1, plan, createdAtMs: 5 });
    expect(tables.plans.get('a', 2)).toBeNull();
    expect(tables.tasks.ofJob('a').map((task) => `${task.taskId} ${task.status}`)).toEqual([
      't2 done',
      't1 pending',
    ]);
    expect(tables.transcript.agents('a')).toEqual(['qa', 'backend']);
    expect(tables.transcript.of('a', 'qa').map((entry) => entry.kind)).toEqual(['user', 'end']);
    expect(tables.sandboxRuns.ofJob('a')).toEqual([run]);
    expect(tables.reports.get('a')).toEqual(report);
    expect(tables.values.get('one')).toEqual({ a: [1] });
    expect(tables.values.get('none')).toBeNull();
    store.transaction((written) => written.values.remove('one'));
    expect(tables.values.get('one')).toBeUndefined();
  });
});

describe('escalations', () => {
  it('are resolved once, and listed newest first', () => {
    const store = withJob('a');
    const escalation = (id: string) => ({
      escalation_id: id,
      at: '2026-01-01T00:00:00.000Z',
      job_id: 'a',
      severity: 'warning' as const,
      reason: 'question',
      metadata: { question: '?' },
    });
    store.transaction(({ escalations }) =>
      ['e1', 'e2', 'e3'].forEach((id) => escalations.insert(escalation(id))),
    );
    const { escalations } = store.tables;
    const resolve = (id: string, answer: string | null) =>
      store.transaction((tables) => tables.escalations.resolve(id, 1_700_000_000_000, answer));
    expect(resolve('e2', 'yes')).toBe(true);
    expect(resolve('e2', 'no')).toBe(false);
    expect(resolve('e9', 'no')).toBe(false);
    expect(escalations.get('e2')).toEqual({
      ...escalation('e2'),
      resolved_at: '2023-11-14T22:13:20.000Z',
      answer: 'yes',
    });
    expect(escalations.countOpen()).toBe(2);
    const ids = (open?: boolean) => escalations.list({ limit: 9, open }).map((item) => item.escalation_id);
    expect([ids(), ids(true), ids(false)]).toEqual([['e3', 'e2', 'e1'], ['e3', 'e1'], ['e2']]);
    expect(escalations.ofJob('a').map((item) => item.escalation_id)).toEqual(['e1', 'e2', 'e3']);
    expect(escalations.since(1, 1)).toEqual([{ seq: 2, escalation: escalation('e2') }]);
  });
});

describe('usage', () => {
  const call = (atMs: number, model: string, outcome: 'success' | 'error' = 'success') => ({
    provider: 'ollama' as const,
    accountId: 'default',
    model,
    jobId: 'a',
    role: null,
    reservationId: null,
    promptTokens: 10,
    cachedTokens: 0,
    completionTokens: 1,
    reasoningTokens: 0,
    estimated: false,
    costMicros: null,
    outcome,
    errorKind: null,
    firstTokenMs: null,
    durationMs: 2.5,
    day: '1970-01-01',
    atMs,
  });

  it('counts all calls since the last reset and those of the rolling window', () => {
    const store = withJob('a');
    const hour = 3_600_000;
    store.transaction(({ usage }) => {
      usage.insert(call(0, 'b'));
      usage.insert(call(1, 'b', 'error'));
      usage.insert(call(hour, 'a'));
    });
    const snapshot = store.tables.usage.snapshot({ nowMs: hour, windowMinutes: 60 });
    expect(snapshot).toMatchObject({
      window_minutes: 60,
      generated_at: '1970-01-01T01:00:00.000Z',
      model_count: 2,
    });
    expect(snapshot.models.map((model) => model.model)).toEqual(['a', 'b']);
    // The window is the last 60 minutes: what is exactly 60 minutes old has left it.
    expect(snapshot.models[1]).toEqual({
      provider: 'ollama',
      model: 'b',
      total_calls: 2,
      success_calls: 1,
      error_calls: 1,
      total_prompt_tokens: 20,
      total_completion_tokens: 2,
      total_tokens: 22,
      window_calls: 1,
      window_success_calls: 0,
      window_error_calls: 1,
      window_prompt_tokens: 10,
      window_completion_tokens: 1,
      window_total_tokens: 11,
      last_called_at: '1970-01-01T00:00:00.001Z',
    });
    expect(store.tables.usage.snapshot({ nowMs: hour, windowMinutes: 60, model: 'a' }).model_count).toBe(1);
    expect(store.tables.usage.snapshot({ nowMs: hour, windowMinutes: 60, provider: 'x' }).models).toEqual([]);
  });

  it('keeps the history of a job through a reset', () => {
    const store = withJob('a');
    store.transaction(({ usage }) => {
      usage.insert(call(5, 'a'));
      usage.reset(5);
      usage.insert(call(5, 'a'));
    });
    expect(store.tables.usage.snapshot({ nowMs: 5, windowMinutes: 1 }).models[0]?.total_calls).toBe(1);
    expect(store.tables.usage.ofJob('a')).toEqual({
      calls: 2,
      promptTokens: 20,
      completionTokens: 2,
      costMicros: 0,
      unpricedCalls: 2,
    });
    store.transaction(({ usage }) => usage.reset(6));
    expect(store.tables.usage.snapshot({ nowMs: 6, windowMinutes: 1 }).models).toEqual([]);
  });
});

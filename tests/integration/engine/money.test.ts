import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../src/shared/job.ts';
import { refusal } from './bad-support.ts';
import { lastState, useMoneyStage, waitsFor } from './money-support.ts';

const stage = useMoneyStage();
const price = { input_usd: 10, cached_input_usd: null, output_usd: 100 };
const priced = () =>
  stage.engine.call('llm.setPrice', { provider: 'ollama', model_id: 'llama3.1:8b', price });
const resumed = ({ metadata }: JobEvent): boolean => metadata['event_type'] === 'resumed';

describe('a job whose next call does not fit', () => {
  it('waits without a slot, tells the inbox what it needs, and goes on when its budget is raised', async () => {
    await stage.begin();
    await priced();
    const jobId = await stage.create({ max_cost_usd: 0.5 });
    await stage.engine.until(jobId, waitsFor('budget'));
    expect(await stage.engine.call('jobs.get', { job_id: jobId })).toMatchObject({
      state: 'planning',
      waiting_for: 'budget',
      max_cost_usd: 0.5,
      max_tokens: null,
    });
    await stage.counted({ running: 0, waiting: 1, queued: 0 });
    expect(stage.model.state().requests.filter(({ path }) => path === '/api/chat')).toEqual([]);
    const [escalation] = await stage.open();
    expect(escalation).toMatchObject({
      severity: 'warning',
      metadata: { kind: 'budget', limit: 'job', unit: 'usd', max: 0.5, used: 0, model: 'ollama/llama3.1:8b' },
    });
    const least = Number(escalation?.metadata['raise_to']);
    // 8,192 tokens of output at $100 are $0.82, and the prompt comes to it.
    expect(least).toBeGreaterThan(0.82);
    const raise = (max_cost_usd: number) => ({ job_id: jobId, max_cost_usd });
    expect(await refusal(stage.engine, 'jobs.raiseBudget', raise(0.6))).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('raise the limit to') as string,
    });
    await stage.engine.call('jobs.raiseBudget', raise(50));
    const events = await stage.engine.ended(jobId);
    expect(lastState(events)).toBe('completed');
    expect(events.some(resumed)).toBe(true);
    expect(await stage.open()).toEqual([]);
    const spending = await stage.engine.call('jobs.spending', { job_id: jobId });
    const calls = (await stage.engine.call('usage.report', { by: 'job' })).rows[0]?.calls ?? 0;
    expect(calls).toBeGreaterThan(1);
    expect(spending).toEqual({
      spent_usd: calls * 0.02,
      reserved_usd: 0,
      max_cost_usd: 50,
      spent_tokens: calls * 1100,
      reserved_tokens: 0,
      max_tokens: null,
      unpriced_calls: 0,
    });
  });

  it('waits in the middle of its work, and goes on where it stopped', async () => {
    await stage.begin();
    const jobId = await stage.create({ max_tokens: 14_000 });
    await stage.engine.until(jobId, waitsFor('budget'));
    const spent = await stage.engine.call('jobs.spending', { job_id: jobId });
    expect(spent.reserved_tokens).toBe(0);
    expect(spent.spent_tokens).toBeGreaterThan(0);
    const before = stage.model.state().requests.length;
    await stage.engine.call('jobs.raiseBudget', { job_id: jobId, max_tokens: null });
    expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
    // What had been answered is not asked again.
    const asked = stage.model.state().requests.filter(({ path }) => path === '/api/chat');
    expect(new Set(asked.map(({ body }) => JSON.stringify(body))).size).toBe(asked.length);
    expect(stage.model.state().requests.length).toBeGreaterThan(before);
  });

  it('goes on by itself when the limit of the day is raised', async () => {
    await stage.begin();
    await stage.engine.call('settings.update', { values: { day_max_tokens: 5000 } });
    const jobId = await stage.create();
    await stage.engine.until(jobId, waitsFor('budget'));
    expect((await stage.open())[0]?.metadata).toMatchObject({
      kind: 'budget',
      limit: 'day',
      unit: 'tokens',
      max: 5000,
    });
    expect(await stage.engine.call('usage.today', {})).toMatchObject({
      spending: { max_tokens: 5000, spent_tokens: 0 },
    });
    await stage.engine.call('settings.update', { values: { day_max_tokens: 5001 } });
    await stage.engine.call('settings.update', { values: { day_max_tokens: null } });
    expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
    expect(await stage.open()).toEqual([]);
  });

  it('does not hold up the others, and can be canceled, which closes what it asked', async () => {
    await stage.begin();
    await stage.engine.call('settings.update', { values: { max_parallel_jobs: 1 } });
    const poor = await stage.create({ max_tokens: 10, priority: 5 });
    const rich = await stage.create();
    await stage.engine.until(poor, waitsFor('budget'));
    expect(lastState(await stage.engine.ended(rich))).toBe('completed');
    await stage.engine.call('jobs.cancel', { job_id: poor, reason: 'too dear' });
    expect(lastState(await stage.engine.ended(poor))).toBe('canceled');
    expect(await stage.open()).toEqual([]);
    const again = await stage.engine.call('jobs.retry', { job_id: poor });
    expect(await stage.engine.call('jobs.get', { job_id: again.job_id })).toMatchObject({ max_tokens: 10 });
  });

  it('goes on after a restart of the app, with what was raised in between', async () => {
    await stage.begin();
    await stage.engine.call('settings.update', { values: { day_max_tokens: 10 } });
    const jobId = await stage.create();
    await stage.engine.until(jobId, waitsFor('budget'));
    await stage.engine.stop();
    await stage.start(false);
    await stage.engine.call('settings.update', { values: { day_max_tokens: null } });
    await stage.engine.app.start();
    expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
  });

  it('has limits from the settings where it names none, and any where it says so', async () => {
    await stage.begin();
    await stage.engine.call('settings.update', { values: { max_cost_usd: 1.5, max_tokens: 7 } });
    const plain = await stage.create({ mode: 'dry_run' });
    const free = await stage.create({ mode: 'dry_run', max_cost_usd: null, max_tokens: 9 });
    expect(await stage.engine.call('jobs.get', { job_id: plain })).toMatchObject({
      max_cost_usd: 1.5,
      max_tokens: 7,
    });
    expect(await stage.engine.call('jobs.get', { job_id: free })).toMatchObject({
      max_cost_usd: null,
      max_tokens: 9,
    });
  });
});

describe('several jobs at once', () => {
  it('never spend more than the day’s limit together, and all end once it is raised', async () => {
    await stage.begin();
    const limit = 30_000;
    await stage.engine.call('settings.update', { values: { day_max_tokens: limit, max_parallel_jobs: 4 } });
    const seen: number[] = [];
    const watch = async (): Promise<void> => {
      const { spending } = await stage.engine.call('usage.today', {});
      seen.push(spending.spent_tokens + spending.reserved_tokens);
    };
    const stop = stage.engine.app.feed.subscribe({ after: 0 }, () => void watch());
    const jobs = await Promise.all([
      stage.create(),
      stage.create(),
      stage.create(),
      stage.create(),
      stage.create(),
      stage.create(),
    ]);
    await Promise.all(
      jobs.map((jobId) =>
        stage.engine.until(jobId, waitsFor('budget')).catch(() => stage.engine.ended(jobId)),
      ),
    );
    await watch();
    expect(Math.max(...seen)).toBeLessThanOrEqual(limit);
    await stage.engine.call('settings.update', { values: { day_max_tokens: null } });
    for (const jobId of jobs) expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
    stop();
  });
});

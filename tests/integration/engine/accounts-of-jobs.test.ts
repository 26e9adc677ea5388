import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../src/shared/job.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { smallPlan } from './bad-support.ts';
import { crew, lastState, useMoneyStage, waitsFor } from './money-support.ts';

const stage = useMoneyStage();

describe('an account', () => {
  const limited = {
    error: {
      message: 'You exceeded your current quota',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    },
  };
  const openAi = 'openai-compatible/llama3.1:8b';
  const addKey = (api_key = 'test-key', server = stage.model) =>
    stage.engine.call('accounts.addKey', {
      provider: 'openai-compatible',
      api_key,
      base_url: `${server.url}/v1`,
    });

  it('without quota lets its jobs wait, not those of others, and they go on by themselves', async () => {
    let isOver = false;
    const whenOver = (reply: object) => () =>
      isOver ? (reply as { text: string }) : { fault: 'status' as const, status: 429, body: limited };
    await stage.begin({
      exchanges: [
        {
          name: 'study here',
          when: { path: '/api/chat', system: 'Study the repository' },
          times: 'any',
          reply: { text: 'ok' },
        },
        {
          name: 'plan here',
          when: { path: '/api/chat', role: 'leader' },
          times: 'any',
          reply: { text: JSON.stringify(smallPlan) },
        },
        {
          name: 'study',
          when: { system: 'Study the repository' },
          times: 'any',
          reply: whenOver({ text: 'ok' }),
        },
        {
          name: 'plan',
          when: { role: 'leader' },
          times: 'any',
          reply: whenOver({ text: JSON.stringify(smallPlan) }),
        },
      ],
    });
    await addKey();
    const waiting = await Promise.all([stage.create({ model: openAi }), stage.create({ model: openAi })]);
    const events = await Promise.all(waiting.map((jobId) => stage.engine.until(jobId, waitsFor('quota'))));
    expect(events[0]?.metadata).toMatchObject({ until: expect.any(String) as string });
    // It needs nobody: nothing in the inbox, no slot held, and the others go on.
    expect(await stage.open()).toEqual([]);
    expect(lastState(await stage.engine.ended(await stage.create()))).toBe('completed');
    await stage.counted({ running: 0, waiting: 0, queued: 2 });
    isOver = true;
    await stage.engine.call('accounts.update', {
      provider: 'openai-compatible',
      account_id: 'default',
      active: true,
    });
    for (const jobId of waiting) expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
  });

  it('without quota is stood in for by the fallback model, if there is one, which the job tells', async () => {
    const fault = { fault: 'status' as const, status: 429, body: limited };
    await stage.begin({
      exchanges: [
        {
          name: 'here',
          when: { path: '/api/chat', system: 'Study the repository' },
          times: 'any',
          reply: { text: 'ok' },
        },
        {
          name: 'plan',
          when: { path: '/api/chat', role: 'leader' },
          times: 'any',
          reply: { text: JSON.stringify(smallPlan) },
        },
        { name: 'used up', times: 'any', reply: fault },
      ],
    });
    await addKey();
    const jobId = await stage.create({ model: openAi });
    await stage.engine.until(jobId, waitsFor('quota'));
    await stage.engine.call('settings.update', { values: { fallback_model: 'ollama/llama3.1:8b' } });
    const events = await stage.engine.ended(jobId);
    expect(lastState(events)).toBe('completed');
    const notices = events.filter(({ metadata }) => metadata['event_type'] === 'notice');
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('The fallback model ollama/llama3.1:8b is used instead'),
    ]);
  });

  it('that is refused lets the job ask for a sign-in, and goes on with the next key', async () => {
    const revoked = { fault: 'status' as const, status: 401, body: { error: { message: 'revoked' } } };
    await stage.begin({
      exchanges: [
        { name: 'revoked', when: { path: '/v1/chat/completions' }, times: 'any', reply: revoked },
        ...crew.exchanges,
      ],
    });
    await addKey();
    const jobId = await stage.create({ model: openAi, manager_model: openAi });
    await stage.engine.until(jobId, waitsFor('answer'));
    const [escalation] = await stage.open();
    expect(escalation?.metadata).toMatchObject({
      kind: 'sign_in',
      provider: 'openai-compatible',
      account_id: 'default',
      options: ['Continue'],
    });
    // Whatever else happens: the key that was refused is not tried again by itself.
    const tries = (): number =>
      stage.model.state().requests.filter(({ path }) => path.startsWith('/v1/chat')).length;
    const before = tries();
    expect(lastState(await stage.engine.ended(await stage.create()))).toBe('completed');
    await addKey();
    expect(tries()).toBe(before);
    expect(await stage.engine.call('jobs.get', { job_id: jobId })).toMatchObject({ waiting_for: 'answer' });
    const other = await startModelServer({ ...crew, key: 'next-key' });
    await addKey('next-key', other);
    expect(lastState(await stage.engine.ended(jobId))).toBe('completed');
    expect(await stage.open()).toEqual([]);
    await other.close();
  });

  it('that is not there can be seen to by a person, who says so', async () => {
    await stage.begin();
    const jobId = await stage.create({ model: 'anthropic/claude-opus-5' });
    await stage.engine.until(jobId, waitsFor('answer'));
    const [escalation] = await stage.open();
    const answer = { job_id: jobId, escalation_id: escalation?.escalation_id ?? '', answer: 'Continue' };
    await stage.engine.call('jobs.answer', answer);
    await stage.engine.until(
      jobId,
      ({ metadata, id }) => waitsFor('answer')({ metadata } as JobEvent) && id > 8,
    );
    expect(await stage.open()).toHaveLength(1);
    await stage.engine.call('jobs.cancel', { job_id: jobId });
    await stage.engine.ended(jobId);
    expect(await stage.open()).toEqual([]);
  });
});

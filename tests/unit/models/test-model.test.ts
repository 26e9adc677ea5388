import { describe, expect, it } from 'vitest';
import type { ModelAnswer } from '../../../src/main/app/crew/engine.ts';
import { testModel } from '../../../src/main/app/models/test-model.ts';

const usage = {
  promptTokens: 50,
  cachedTokens: 0,
  completionTokens: 21,
  reasoningTokens: 0,
  estimated: false,
};
const good: Extract<ModelAnswer, { ok: true }> = {
  ok: true,
  text: 'I add them.',
  toolCalls: [{ callId: 'c', name: 'add_numbers', input: { a: 19, b: 23 } }],
  usage,
  measured: { firstTokenMs: 100, durationMs: 1100, costUsd: 0.001 },
};
const run = (answer: ModelAnswer) =>
  testModel(() => Promise.resolve(answer), 'openai/m', 4096, new AbortController().signal);

describe('the test of a model', () => {
  it('tells that it calls tools, how fast it is and what the test cost', async () => {
    expect(await run(good)).toMatchObject({
      ok: true,
      calls_tools: true,
      first_token_ms: 100,
      tokens_per_second: 21,
      cost_usd: 0.001,
      detail: '',
    });
  });

  it.each([
    ['another tool', { name: 'multiply', input: { a: 19, b: 23 } }],
    ['wrong numbers', { name: 'add_numbers', input: { a: 1, b: 2 } }],
    ['no arguments', { name: 'add_numbers', input: 'nonsense' }],
  ])('tells that %s is not right, and what came', async (_what, call) => {
    const result = await run({ ...good, toolCalls: [{ callId: 'c', ...call }] });
    expect(result).toMatchObject({ ok: true, calls_tools: false });
    expect(result.detail).toContain(call.name);
  });

  it('takes numbers as text, as small models write them', async () => {
    const toolCalls = [{ callId: 'c', name: 'add_numbers', input: { a: '19', b: '23' } }];
    expect(await run({ ...good, toolCalls })).toMatchObject({ calls_tools: true });
  });

  it('knows no speed where the usage is a guess or all came at once', async () => {
    expect(await run({ ...good, usage: { ...usage, estimated: true } })).toMatchObject({
      tokens_per_second: null,
    });
    expect(await run({ ...good, measured: { firstTokenMs: 5, durationMs: 5, costUsd: null } })).toMatchObject(
      { tokens_per_second: null, cost_usd: null },
    );
  });

  it('says why there was no answer', async () => {
    const error = { kind: 'auth_invalid', message: 'The key was refused.' } as const;
    expect(await run({ ok: false, error })).toMatchObject({ ok: false, detail: 'The key was refused.' });
  });
});

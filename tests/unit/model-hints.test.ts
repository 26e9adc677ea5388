import { describe, expect, it } from 'vitest';
import { compareModels, hintOf, isStale } from '../../src/main/domain/model-hints.ts';

const facts = (modelId: string, contextWindowTokens: number | null = 8192) => ({
  modelId,
  displayName: modelId,
  contextWindowTokens,
  quotaRemainingFraction: null,
});

describe('what a model is good for', () => {
  it.each([
    ['llama3.1:8b', 'balanced', 50],
    ['gemini-2.5-flash', 'fast', 20],
    ['gpt-5-mini', 'fast', 20],
    ['gemini-2.5-pro', 'reasoning', 70],
    ['phi4-reasoning:14b', 'reasoning', 70],
    ['o3-mini', 'reasoning', 70],
    ['gemini-embedding', 'balanced', 50],
    ['prompt-guard', 'balanced', 50],
  ])('%s is %s', (modelId, usageHint, priority) => {
    expect(hintOf(facts(modelId))).toEqual({ usageHint, priority });
  });

  it('goes by a long context first', () => {
    expect(hintOf(facts('x-pro', 200_000))).toEqual({ usageHint: 'long-context', priority: 35 });
    expect(hintOf(facts('x-pro', 199_999)).usageHint).toBe('reasoning');
  });

  it('puts a model behind whose quota is nearly used', () => {
    expect(hintOf({ ...facts('a'), quotaRemainingFraction: 0.1 }).priority).toBe(70);
    expect(hintOf({ ...facts('a'), quotaRemainingFraction: 0.11 }).priority).toBe(50);
  });

  it('orders by priority, provider, id', () => {
    const list = [
      { priority: 50, provider: 'b', model_id: 'a' },
      { priority: 50, provider: 'a', model_id: 'z' },
      { priority: 20, provider: 'z', model_id: 'z' },
      { priority: 50, provider: 'a', model_id: 'B' },
    ];
    const ids = list.sort(compareModels).map(({ provider, model_id }) => provider + model_id);
    expect(ids).toEqual(['zz', 'aB', 'az', 'ba']);
  });

  it('is stale without a success but with an error, or when the success is older than two intervals', () => {
    expect(isStale({ lastSuccessAtMs: null, lastError: null }, 0, 600_000)).toBe(false);
    expect(isStale({ lastSuccessAtMs: null, lastError: 'down' }, 0, 600_000)).toBe(true);
    expect(isStale({ lastSuccessAtMs: 0, lastError: 'down' }, 1_200_000, 600_000)).toBe(false);
    expect(isStale({ lastSuccessAtMs: 0, lastError: null }, 1_200_001, 600_000)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { createPrices } from '../../../src/main/app/models/prices.ts';
import { shippedPrices } from '../../../src/main/app/models/shipped-prices.ts';
import type { ListedModel } from '../../../src/main/app/ports/model.ts';
import { costOf } from '../../../src/main/domain/price.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { llmOperations } from '../../../src/shared/operations/llm-operations.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { newStore } from '../sqlite/support.ts';

const listedModel = (modelId: string, input: number | null): ListedModel => ({
  modelId,
  displayName: modelId,
  contextWindowTokens: null,
  maxOutputTokens: null,
  metadata: {},
  price: { input_usd: input, cached_input_usd: null, output_usd: 2 },
});

function setUp(models: Partial<Record<ProviderId, ListedModel[]>> = {}) {
  const store = newStore();
  const listed = (provider: ProviderId) => ({
    models: models[provider] ?? [],
    atMs: Date.UTC(2026, 10, 20, 12),
  });
  const make = () => createPrices({ store, clock: createManualClock(), listed });
  const prices = make();
  const inputOf = (provider: ProviderId, modelId: string, baseUrl: string | null = null): number | null => {
    const tariff = prices.tariffOf(provider, modelId, baseUrl);
    return tariff && tariff.rates.input / 1e6;
  };
  return { store, prices, make, inputOf };
}

describe('the price of a model', () => {
  it('is the user’s, else the provider’s, else the shipped one, else not known', () => {
    const { prices, inputOf } = setUp({
      openrouter: [listedModel('x/y', 3)],
      openai: [listedModel('gpt-5', 9)],
    });
    expect(inputOf('openrouter', 'x/y')).toBe(3);
    expect(inputOf('openai', 'gpt-5')).toBe(9);
    expect(inputOf('openai', 'gpt-5-mini')).toBe(0.25);
    expect(inputOf('openai', 'brand-new')).toBeNull();
    prices.set('openai', 'gpt-5', { input_usd: 7, cached_input_usd: null, output_usd: 8 });
    expect(inputOf('openai', 'gpt-5')).toBe(7);
    prices.set('openai', 'gpt-5', null);
    expect(inputOf('openai', 'gpt-5')).toBe(9);
    prices.set('openai', 'gpt-5-mini', { input_usd: null, cached_input_usd: null, output_usd: 1 });
    expect(inputOf('openai', 'gpt-5-mini')).toBeNull();
  });

  it('is found for dated versions and aliases, not for other models of the series', () => {
    const { inputOf } = setUp();
    expect(inputOf('anthropic', 'claude-sonnet-4-5-20250929')).toBe(3);
    expect(inputOf('anthropic', 'claude-opus-4-20250514')).toBe(15);
    expect(inputOf('anthropic', 'claude-3-5-haiku-latest')).toBe(0.8);
    expect(inputOf('openai', 'gpt-4.1-2025-04-14')).toBe(2);
    expect(inputOf('google', 'models/gemini-2.5-flash-001')).toBe(0.3);
    expect(inputOf('openai', 'gpt-5-enormous')).toBeNull();
    expect(inputOf('anthropic', 'gpt-5')).toBeNull();
  });

  it('is nothing where no bill comes: here, on a server of this machine, on a subscription', () => {
    const { inputOf } = setUp();
    for (const provider of ['ollama', 'openai-codex', 'chatgpt', 'google-antigravity'] as const)
      expect([provider, inputOf(provider, 'anything')]).toEqual([provider, 0]);
    expect(inputOf('openai-compatible', 'm', 'http://127.0.0.1:8080/v1')).toBe(0);
    expect(inputOf('openai-compatible', 'm', 'http://[::1]:1234/v1')).toBe(0);
    expect(inputOf('openai-compatible', 'm', 'https://api.elsewhere.test/v1')).toBeNull();
    expect(inputOf('openai-compatible', 'm', 'no address')).toBeNull();
    expect(inputOf('openai-compatible', 'm', null)).toBeNull();
  });

  it('of a long prompt and of the cache is as its provider has it', () => {
    const { prices } = setUp();
    const gemini = prices.tariffOf('google', 'gemini-2.5-pro', null);
    expect(gemini?.long).toMatchObject({ aboveTokens: 200_000, rates: { input: 2_500_000 } });
    const claude = prices.tariffOf('anthropic', 'claude-opus-5', null);
    const written = { promptTokens: 1000, cachedTokens: 0, cacheWriteTokens: 1000, completionTokens: 0 };
    expect(claude && costOf(claude, written)).toBe(6250);
  });

  it('set by the user outlives the process, and odd stored values do no harm', () => {
    const { store, prices, make } = setUp();
    prices.set('ollama', 'odd/name:8b', { input_usd: 1, cached_input_usd: 0.5, output_usd: 2 });
    expect(make().tariffOf('ollama', 'odd/name:8b', null)?.rates).toMatchObject({ input: 1e6, cached: 5e5 });
    store.transaction(({ values }) => values.set('prices', { broken: 1 }));
    expect(make().tariffOf('ollama', 'odd/name:8b', null)?.rates.input).toBe(0);
  });
});

describe('the price table', () => {
  it('has each model once, with whose word it is and its day', () => {
    const { price: _, ...unpriced } = listedModel('z', 1);
    const { prices } = setUp({
      openrouter: [listedModel('x/y', 3), unpriced],
    });
    prices.set('openai', 'gpt-5', { input_usd: 7, cached_input_usd: null, output_usd: 8 });
    const all = llmOperations['llm.prices'].output.parse({ prices: prices.list() }).prices;
    expect(new Set(all.map((row) => `${row.provider}/${row.model_id}`)).size).toBe(all.length);
    const of = (modelId: string) => all.find((row) => row.model_id === modelId);
    expect(of('gpt-5')).toMatchObject({ source: 'user', input_usd: 7, as_of: '2026-11-22' });
    expect(of('x/y')).toMatchObject({ source: 'provider', as_of: '2026-11-20' });
    expect(of('claude-opus-5')).toMatchObject({ source: 'shipped', as_of: '2026-07-24' });
    expect(of('gemini-2.5-pro')?.long_prompts).toMatchObject({ above_tokens: 200_000, output_usd: 15 });
    expect(prices.list('openai').every((row) => row.provider === 'openai')).toBe(true);
  });

  it('is shipped with days, and with cached tokens never dearer than fresh ones', () => {
    expect(shippedPrices.length).toBeGreaterThan(40);
    for (const { modelId, asOf, price, long } of shippedPrices) {
      expect([modelId, asOf]).toEqual([modelId, expect.stringMatching(/^202[56]-\d{2}-\d{2}$/)]);
      for (const [input, cached, output] of [price, ...(long ? [long.price] : [])])
        expect([modelId, (cached ?? input) <= input, output >= input]).toEqual([modelId, true, true]);
    }
  });
});

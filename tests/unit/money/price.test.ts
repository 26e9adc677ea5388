import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHaveCost, outputLimitOf, soundUsage, worstCaseOf } from '../../../src/main/domain/call-bound.ts';
import { costOf, microsOf, ratesOf, worstCostOf, type Tariff } from '../../../src/main/domain/price.ts';
import type { ModelError } from '../../../src/main/domain/model-messages.ts';

const tariff = (input: number, cached: number | null, output: number, factor = 1): Tariff => ({
  rates: ratesOf({ input_usd: input, cached_input_usd: cached, output_usd: output }, factor)!,
});

describe('a cost', () => {
  it('is exact in micro-dollars and rounded up once', () => {
    const sonnet = tariff(3, 0.3, 15);
    expect(costOf(sonnet, { promptTokens: 1_000_000, cachedTokens: 0, completionTokens: 0 })).toBe(3_000_000);
    // 100 × 3 + 900 × 0.3 + 7 × 15 = 675 micro-dollars
    expect(costOf(sonnet, { promptTokens: 1000, cachedTokens: 900, completionTokens: 7 })).toBe(675);
    expect(costOf(tariff(0.1, 0.01, 0.5), { promptTokens: 1, cachedTokens: 0, completionTokens: 0 })).toBe(1);
    expect(costOf(tariff(0, 0, 0), { promptTokens: 9, cachedTokens: 9, completionTokens: 9 })).toBe(0);
  });

  it('counts what is written to the cache at its own price', () => {
    const written = { promptTokens: 1000, cachedTokens: 500, cacheWriteTokens: 400, completionTokens: 0 };
    // 100 × 4 + 500 × 0.4 + 400 × 5
    expect(costOf(tariff(4, 0.4, 20, 1.25), written)).toBe(2600);
  });

  it('of a long prompt is by the price of long prompts, all of it', () => {
    const gemini: Tariff = {
      ...tariff(1.25, 0.31, 10),
      long: { aboveTokens: 200_000, rates: tariff(2.5, 0.625, 15).rates },
    };
    const call = (promptTokens: number) => ({ promptTokens, cachedTokens: 0, completionTokens: 1000 });
    expect(costOf(gemini, call(200_000))).toBe(260_000);
    expect(costOf(gemini, call(200_001))).toBe(515_003);
  });

  it('is not known where a price is not', () => {
    expect(ratesOf({ input_usd: 1, cached_input_usd: null, output_usd: null }, 1)).toBeNull();
    expect(worstCaseOf(null, 100, 50)).toEqual({ tokens: 150, micros: null });
  });

  it('is never above the worst case, for any price and any use within the bound', () => {
    const usd = fc.double({ min: 0, max: 200, noNaN: true });
    const rates = fc.tuple(usd, fc.option(usd), usd, fc.constantFrom(1, 1.25));
    fc.assert(
      fc.property(
        rates,
        fc.option(fc.tuple(fc.nat(100_000), rates)),
        fc.nat(1_000_000),
        fc.nat(200_000),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), fc.nat(), fc.nat(200_000)),
        (short, long, prompt, output, [share, cached, written, completion]) => {
          const whole: Tariff = {
            ...tariff(...short),
            ...(long && { long: { aboveTokens: long[0], rates: tariff(...long[1]).rates } }),
          };
          const promptTokens = Math.floor(prompt * share);
          const cost = costOf(whole, {
            promptTokens,
            cachedTokens: cached,
            cacheWriteTokens: written,
            completionTokens: Math.min(completion, output),
          });
          expect(cost).toBeLessThanOrEqual(worstCostOf(whole, prompt, output));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('the longest output', () => {
  it('is asked for where the provider takes a limit, within that of the model', () => {
    expect(outputLimitOf('anthropic', null, 8192)).toEqual({ send: 8192, bound: 8192 });
    expect(outputLimitOf('anthropic', 4096, 8192)).toEqual({ send: 4096, bound: 4096 });
    expect(outputLimitOf('ollama', 64_000, 8192)).toEqual({ send: 8192, bound: 8192 });
  });

  it('is that of the model where the provider refuses a limit', () => {
    expect(outputLimitOf('chatgpt', 100_000, 8192)).toEqual({ send: undefined, bound: 100_000 });
    expect(outputLimitOf('openai-codex', null, 8192)).toEqual({ send: undefined, bound: 128_000 });
  });
});

describe('usage as a provider sent it', () => {
  it('is made whole and sane', () => {
    const sound = soundUsage({
      promptTokens: 10.2,
      cachedTokens: 50,
      completionTokens: -3,
      reasoningTokens: 7,
      estimated: false,
    });
    expect(sound).toMatchObject({
      promptTokens: 11,
      cachedTokens: 11,
      completionTokens: 0,
      reasoningTokens: 0,
    });
  });

  it('has no number that breaks a sum', () => {
    const odd = fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e300, -1, 0.5, Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(odd, odd, odd, odd, (promptTokens, cachedTokens, completionTokens, reasoningTokens) => {
        const usage = { promptTokens, cachedTokens, completionTokens, reasoningTokens, estimated: false };
        const sound = soundUsage({ ...usage, cacheWriteTokens: cachedTokens });
        const cost = costOf(tariff(200, 20, 1000), sound);
        expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
        expect(sound.promptTokens + sound.completionTokens).toBeLessThanOrEqual(2e9);
      }),
    );
  });
});

describe('a failed attempt', () => {
  const plain = ['auth_expired', 'context_too_long', 'model_not_found', 'unsupported'] as const;
  const busy: ModelError = { kind: 'rate_limited', retryAfterMs: null, message: '' };

  it('surely costs nothing where the provider refused it or was not reached', () => {
    for (const kind of plain)
      expect(mayHaveCost({ error: { kind, message: '' }, delivered: false })).toBe(false);
    expect(mayHaveCost({ error: busy, delivered: false })).toBe(false);
    const unreached: ModelError = { kind: 'network', reached: false, message: '' };
    expect(mayHaveCost({ error: unreached, delivered: false })).toBe(false);
  });

  it('may have cost anything where its end is not known', () => {
    for (const kind of ['network', 'canceled', 'bad_response'] as const)
      expect(mayHaveCost({ error: { kind, message: '' }, delivered: false })).toBe(true);
    expect(mayHaveCost({ error: busy, delivered: true })).toBe(true);
  });
});

it('dollars become micro-dollars without loss', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => microsOf(micros / 1e6) === micros),
    { numRuns: 2000 },
  );
});

import type { Price } from '../../shared/models.ts';

/** Prices in whole micro-dollars for a million tokens. */
export interface Rates {
  input: number;
  /** Of tokens read from the provider's cache. */
  cached: number;
  /** Of tokens written to it. */
  write: number;
  output: number;
}

/** What a model costs. `long` is for prompts above so many tokens, where a provider asks more for them. */
export interface Tariff {
  rates: Rates;
  long?: { aboveTokens: number; rates: Rates };
}

/** Tokens of one call, as in `ModelUsage`. */
export interface PricedTokens {
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens?: number;
  completionTokens: number;
}

const microsPerUsd = 1_000_000;

/** US dollars as whole micro-dollars, and back. */
export const microsOf = (usd: number): number => Math.round(usd * microsPerUsd);
/** As a cost is rounded: up, but not for the noise of a floating-point number. */
export const microsUp = (usd: number): number => Math.ceil(usd * microsPerUsd - 1e-6);
export const usdOf = (micros: number): number => micros / microsPerUsd;

/**
 * A price as rates; null when it is not known. A dollar price for a million tokens is the same number of micro-dollars
 * for one. Without a word on cached tokens they cost what the others do; written ones cost `writeFactor` times that.
 */
export function ratesOf(price: Price, writeFactor: number): Rates | null {
  if (price.input_usd === null || price.output_usd === null) return null;
  return {
    input: microsOf(price.input_usd),
    cached: microsOf(price.cached_input_usd ?? price.input_usd),
    write: microsOf(price.input_usd * writeFactor),
    output: microsOf(price.output_usd),
  };
}

/** Real cost of a call in micro-dollars, rounded up once. */
export function costOf(tariff: Tariff, tokens: PricedTokens): number {
  const rates = ratesFor(tariff, tokens.promptTokens);
  const cached = Math.min(tokens.cachedTokens, tokens.promptTokens);
  const written = Math.min(tokens.cacheWriteTokens ?? 0, tokens.promptTokens - cached);
  return micros([
    [tokens.promptTokens - cached - written, rates.input],
    [cached, rates.cached],
    [written, rates.write],
    [tokens.completionTokens, rates.output],
  ]);
}

/** The most that a call with at most so many tokens can cost, whatever the cache does with its prompt. */
export function worstCostOf(tariff: Tariff, promptTokens: number, outputTokens: number): number {
  const { rates, long } = tariff;
  const possible = [rates, ...(long && promptTokens > long.aboveTokens ? [long.rates] : [])];
  const costs = possible.map(({ input, cached, write, output }) =>
    micros([
      [promptTokens, Math.max(input, cached, write)],
      [outputTokens, output],
    ]),
  );
  return Math.max(...costs);
}

const ratesFor = ({ rates, long }: Tariff, promptTokens: number): Rates =>
  long && promptTokens > long.aboveTokens ? long.rates : rates;

/** Exact: a dear model and a long prompt multiply to more than a number holds without loss. */
function micros(parts: readonly (readonly [tokens: number, rate: number])[]): number {
  const total = parts.reduce((sum, [tokens, rate]) => sum + BigInt(tokens) * BigInt(rate), 0n);
  return Number((total + 999_999n) / 1_000_000n);
}

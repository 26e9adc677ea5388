import type { ProviderId } from '../../../shared/models.ts';

/** US dollars for a million tokens: fresh input, input read from the cache (null: not told), output. */
type PriceTriple = readonly [input: number, cached: number | null, output: number];

export interface ShippedPrice {
  provider: ProviderId;
  modelId: string;
  /** Day on which the price was read or came into force. */
  asOf: string;
  price: PriceTriple;
  /** What a prompt above so many tokens costs instead, all of it. */
  long?: { aboveTokens: number; price: PriceTriple };
}

type Row = readonly [
  modelId: string,
  asOf: string,
  price: PriceTriple,
  long?: readonly [aboveTokens: number, price: PriceTriple],
];

/**
 * Common models as the providers' public price pages had them (developers.openai.com/api/docs/pricing,
 * claude.com/pricing, ai.google.dev/gemini-api/docs/pricing), partly through those who keep track of these pages. None
 * was compared with a bill. A price can be corrected on the Models page, and a model that is missing be given one.
 * What long prompts cost with GPT-6 was not to be had: it has GPT-5.4's factors (input twice, output half as much again).
 */
const table: Readonly<Partial<Record<ProviderId, readonly Row[]>>> = {
  openai: [
    ['gpt-6.1-sol', '2026-09-29', [2, 0.1, 10], [272_000, [4, 0.2, 15]]],
    ['gpt-6.1-terra', '2026-10-26', [1, 0.05, 5], [272_000, [2, 0.1, 7.5]]],
    ['gpt-6-sol', '2026-09-22', [2, 0.2, 10], [272_000, [4, 0.4, 15]]],
    ['gpt-6-luna', '2026-09-22', [0.1, 0.01, 0.5], [272_000, [0.2, 0.02, 0.75]]],
    ['gpt-5.4', '2026-03-31', [2.5, 0.25, 15], [272_000, [5, 0.5, 22.5]]],
    ['gpt-5.4-mini', '2026-03-31', [0.75, 0.075, 4.5]],
    ['gpt-5.2', '2025-12-11', [1.75, 0.175, 14]],
    ['gpt-5.2-codex', '2026-01-14', [1.75, 0.175, 14]],
    ['gpt-5.1', '2025-11-13', [1.25, 0.125, 10]],
    ['gpt-5.1-codex', '2025-11-13', [1.25, 0.125, 10]],
    ['gpt-5.1-codex-mini', '2025-11-13', [0.25, 0.025, 2]],
    ['gpt-5', '2025-11-13', [1.25, 0.125, 10]],
    ['gpt-5-codex', '2025-11-13', [1.25, 0.125, 10]],
    ['gpt-5-mini', '2025-11-13', [0.25, 0.025, 2]],
    ['gpt-5-nano', '2025-11-13', [0.05, 0.005, 0.4]],
    ['gpt-5-pro', '2025-11-13', [15, null, 120]],
    ['gpt-4.1', '2025-07-04', [2, 0.5, 8]],
    ['gpt-4.1-mini', '2025-07-04', [0.4, 0.1, 1.6]],
    ['gpt-4.1-nano', '2025-07-04', [0.1, 0.025, 0.4]],
    ['gpt-4o', '2025-07-04', [2.5, 1.25, 10]],
    ['gpt-4o-mini', '2025-07-04', [0.15, 0.075, 0.6]],
    ['o3', '2025-07-04', [2, 0.5, 8]],
    ['o4-mini', '2025-07-04', [1.1, 0.275, 4.4]],
  ],
  anthropic: [
    ['claude-fable-5-1', '2026-09-01', [10, 0.25, 50]],
    ['claude-opus-5-5', '2026-09-22', [4, 0.2, 20]],
    ['claude-opus-5', '2026-07-24', [5, 0.5, 25]],
    ['claude-opus-4-7', '2026-03-01', [5, 0.5, 25]],
    ['claude-opus-4-6', '2026-03-21', [5, 0.5, 25]],
    ['claude-opus-4-5', '2025-11-24', [5, 0.5, 25]],
    ['claude-opus-4-1', '2025-08-05', [15, 1.5, 75]],
    ['claude-opus-4-0', '2025-05-22', [15, 1.5, 75]],
    ['claude-sonnet-5-5', '2026-10-07', [2, 0.1, 10]],
    ['claude-sonnet-5', '2026-09-01', [2, null, 10]],
    ['claude-sonnet-4-6', '2026-03-21', [3, 0.3, 15]],
    ['claude-sonnet-4-5', '2025-09-29', [3, 0.3, 15], [200_000, [6, 0.6, 22.5]]],
    ['claude-sonnet-4-0', '2025-05-22', [3, 0.3, 15], [200_000, [6, 0.6, 22.5]]],
    ['claude-3-7-sonnet', '2025-06-23', [3, 0.3, 15]],
    ['claude-haiku-5-5', '2026-10-07', [0.1, 0.01, 0.5]],
    ['claude-haiku-4-5', '2025-10-15', [1, 0.1, 5]],
    ['claude-3-5-haiku', '2025-06-22', [0.8, 0.08, 4]],
  ],
  google: [
    ['gemini-3-pro-preview', '2025-11-18', [2, 0.2, 12], [200_000, [4, 0.4, 18]]],
    ['gemini-3-flash-preview', '2025-12-17', [0.5, 0.05, 3]],
    ['gemini-2.5-pro', '2025-06-22', [1.25, 0.31, 10], [200_000, [2.5, 0.625, 15]]],
    ['gemini-2.5-flash', '2025-06-22', [0.3, 0.075, 2.5]],
    ['gemini-2.5-flash-lite', '2025-06-22', [0.1, 0.025, 0.4]],
    ['gemini-2.0-flash', '2025-06-22', [0.1, 0.025, 0.4]],
  ],
};

export const shippedPrices: readonly ShippedPrice[] = Object.entries(table).flatMap(([provider, rows]) =>
  rows.map(([modelId, asOf, price, long]) => ({
    provider: provider as ProviderId,
    modelId,
    asOf,
    price,
    ...(long === undefined ? {} : { long: { aboveTokens: long[0], price: long[1] } }),
  })),
);

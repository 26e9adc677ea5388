import { z } from 'zod';
import {
  priceSchema,
  providers,
  type Price,
  type PricedModel,
  type ProviderId,
} from '../../../shared/models.ts';
import { isLoopbackHost } from '../../domain/base-url.ts';
import { localDay } from '../../domain/local-day.ts';
import { ratesOf, type Tariff } from '../../domain/price.ts';
import type { ListedModel } from '../ports/model.ts';
import type { Store } from '../ports/store.ts';
import type { Clock } from '../ports/system.ts';
import { shippedPrices, type ShippedPrice } from './shipped-prices.ts';

export interface PricesDeps {
  store: Pick<Store, 'tables' | 'transaction'>;
  clock: Clock;
  /** What the provider lists, with its own prices where it tells them. */
  listed: (provider: ProviderId) => { models: readonly ListedModel[]; atMs: number | null };
}

export interface Prices {
  /**
   * What a model costs; null: nobody knows. The user's word goes before the provider's, and that before the shipped
   * table. `baseUrl` is that of the account: a server on this machine sends no bill.
   */
  tariffOf(provider: ProviderId, modelId: string, baseUrl: string | null): Tariff | null;
  /** Every price that is known of a model by name, in force, by provider and model. */
  list(provider?: ProviderId): PricedModel[];
  /** Null goes back to what there was without the user. */
  set(provider: ProviderId, modelId: string, price: Price | null): void;
}

/**
 * Without a bill for each call: Ollama runs here, and the subscriptions are paid by the month (their calls count
 * against the plan's quota instead).
 */
const free: ReadonlySet<ProviderId> = new Set<ProviderId>([
  'ollama',
  'openai-codex',
  'chatgpt',
  'google-antigravity',
]);
const freeTariff: Tariff = { rates: { input: 0, cached: 0, write: 0, output: 0 } };

/** Anthropic, and OpenAI with its newer models, ask a quarter more for tokens that are written to their cache. */
const writeFactorOf = (provider: ProviderId): number =>
  provider === 'anthropic' || provider === 'openai' ? 1.25 : 1;

const key = 'prices';
const storedSchema = z.record(z.string(), z.object({ price: priceSchema, asOf: z.string() }));
type Stored = z.infer<typeof storedSchema>;

export function createPrices({ store, clock, listed }: PricesDeps): Prices {
  const stored = (): Stored => {
    const parsed = storedSchema.safeParse(store.tables.values.get(key) ?? {});
    return parsed.success ? parsed.data : {};
  };
  const fromProvider = (provider: ProviderId): PricedModel[] => {
    const { models, atMs } = listed(provider);
    const asOf = localDay(atMs ?? clock.now());
    return models.flatMap(({ modelId, price }) =>
      price === undefined
        ? []
        : [{ provider, model_id: modelId, ...price, source: 'provider' as const, as_of: asOf }],
    );
  };
  const find = (provider: ProviderId, modelId: string): PricedModel | null =>
    userPrices(stored(), provider).find((row) => row.model_id === modelId) ??
    fromProvider(provider).find((row) => row.model_id === modelId) ??
    shippedOf(provider, modelId);
  return {
    tariffOf: (provider, modelId, baseUrl) => {
      const found = find(provider, modelId);
      if (found !== null) return tariffOf(found);
      return free.has(provider) || isOwnServer(provider, baseUrl) ? freeTariff : null;
    },
    list: (only) => {
      const chosen = only === undefined ? providers : [only];
      return chosen.flatMap((provider) => {
        const shipped = shippedPrices.filter((row) => row.provider === provider).map(pricedModel);
        return bestOf([...userPrices(stored(), provider), ...fromProvider(provider), ...shipped]);
      });
    },
    set: (provider, modelId, price) =>
      store.transaction((tables) => {
        const { [nameOf(provider, modelId)]: _before, ...others } = stored();
        const mine = price && { [nameOf(provider, modelId)]: { price, asOf: localDay(clock.now()) } };
        tables.values.set(key, { ...others, ...mine });
      }),
  };
}

const nameOf = (provider: ProviderId, modelId: string): string => `${provider}/${modelId}`;

function userPrices(stored: Stored, provider: ProviderId): PricedModel[] {
  return Object.entries(stored).flatMap(([name, { price, asOf }]) =>
    name.startsWith(`${provider}/`)
      ? [{ provider, model_id: name.slice(provider.length + 1), ...price, source: 'user', as_of: asOf }]
      : [],
  );
}

/** The first of each model counts; sorted by model. */
function bestOf(rows: readonly PricedModel[]): PricedModel[] {
  const best = new Map<string, PricedModel>();
  for (const row of rows) if (!best.has(row.model_id)) best.set(row.model_id, row);
  return [...best.values()].sort((a, b) => (a.model_id < b.model_id ? -1 : 1));
}

/** By its own name, or by that of which it is a dated version (`…-20250929`, `…-2025-04-14`, `…-latest`, `…-001`). */
function shippedOf(provider: ProviderId, modelId: string): PricedModel | null {
  const name = modelId.replace(/^models\//, '');
  const plain = name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest|\d{3})$/, '');
  const of = (wanted: string): ShippedPrice | undefined =>
    shippedPrices.find((row) => row.provider === provider && row.modelId === wanted);
  // Claude's first models of a series are dated without the zero of their alias: claude-opus-4-20250514.
  const found = of(name) ?? of(plain) ?? of(`${plain}-0`);
  return found === undefined ? null : pricedModel(found);
}

function pricedModel({ provider, modelId, asOf, price, long }: ShippedPrice): PricedModel {
  const named = ([input, cached, output]: ShippedPrice['price']): Price => ({
    input_usd: input,
    cached_input_usd: cached,
    output_usd: output,
  });
  return {
    provider,
    model_id: modelId,
    ...named(price),
    source: 'shipped',
    as_of: asOf,
    ...(long && { long_prompts: { above_tokens: long.aboveTokens, ...named(long.price) } }),
  };
}

function tariffOf(row: PricedModel): Tariff | null {
  const factor = writeFactorOf(row.provider);
  const rates = ratesOf(row, factor);
  if (rates === null || row.long_prompts === undefined) return rates && { rates };
  const long = ratesOf(row.long_prompts, factor);
  return long && { rates, long: { aboveTokens: row.long_prompts.above_tokens, rates: long } };
}

/** LM Studio, vLLM, llama.cpp on this machine. One that is elsewhere may cost something. */
function isOwnServer(provider: ProviderId, baseUrl: string | null): boolean {
  if (provider !== 'openai-compatible' || baseUrl === null) return false;
  return URL.canParse(baseUrl) && isLoopbackHost(new URL(baseUrl).hostname);
}

import type { Catalog, CatalogModel, PricedModel } from '../../../shared/models.ts';

export const modelSorts = ['recommended', 'name', 'context', 'price'] as const;
export type ModelSort = (typeof modelSorts)[number];
export const capabilities = ['tools', 'vision', 'reasoning'] as const;
export type Capability = (typeof capabilities)[number];

export interface ModelFilter {
  text: string;
  /** Empty: all. */
  provider: string;
  needs: readonly Capability[];
  sort: ModelSort;
}

export interface ListedModel extends CatalogModel {
  /** `provider/model`, as settings and jobs name it. */
  name: string;
  price: PricedModel | null;
}

/** What a model can do, where its provider says; `null` where it does not. */
export function can(model: Pick<CatalogModel, 'metadata'>, capability: Capability): boolean | null {
  const said = model.metadata['capabilities'];
  if (typeof said !== 'object' || said === null) return null;
  // Ollama lists names, others say yes or no.
  if (Array.isArray(said)) return said.includes(capability === 'reasoning' ? 'thinking' : capability);
  const value = (said as Record<string, unknown>)[capability];
  return typeof value === 'boolean' ? value : null;
}

export function listModels(
  catalog: Catalog,
  prices: readonly PricedModel[],
  filter: ModelFilter,
): ListedModel[] {
  const priceOf = new Map(prices.map((price) => [`${price.provider}/${price.model_id}`, price]));
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const models = catalog.models.flatMap((model): ListedModel[] => {
    const name = `${model.provider}/${model.model_id}`;
    const about = `${name} ${model.display_name}`.toLowerCase();
    const fits =
      (filter.provider === '' || model.provider === filter.provider) &&
      words.every((word) => about.includes(word)) &&
      filter.needs.every((capability) => can(model, capability) === true);
    return fits ? [{ ...model, name, price: priceOf.get(name) ?? null }] : [];
  });
  return filter.sort === 'recommended' ? models : models.sort(comparisons[filter.sort]);
}

const byName = (a: ListedModel, b: ListedModel): number =>
  a.display_name.localeCompare(b.display_name) || a.name.localeCompare(b.name);

const comparisons: Record<Exclude<ModelSort, 'recommended'>, (a: ListedModel, b: ListedModel) => number> = {
  name: byName,
  context: (a, b) => (b.context_window_tokens ?? 0) - (a.context_window_tokens ?? 0) || byName(a, b),
  // What is not priced comes last: nobody knows what it costs.
  price: (a, b) => outputPrice(a) - outputPrice(b) || byName(a, b),
};

const outputPrice = (model: ListedModel): number => model.price?.output_usd ?? Number.MAX_VALUE;

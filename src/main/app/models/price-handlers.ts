import { ok } from '../../../shared/errors.ts';
import type { Handlers } from '../handlers.ts';
import type { Prices } from './prices.ts';

/** Handlers of the price table. */
export const createPriceHandlers = (
  prices: Pick<Prices, 'list' | 'set'>,
): Pick<Handlers, 'llm.prices' | 'llm.setPrice'> => ({
  'llm.prices': async ({ provider }) => ok({ prices: prices.list(provider) }),
  'llm.setPrice': async ({ provider, model_id: modelId, price }) => {
    prices.set(provider, modelId, price);
    return ok({ prices: prices.list(provider) });
  },
});

import { z } from 'zod';
import type { Price } from '../../../shared/models.ts';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { createLister, lenientList, type ListerDeps } from './api-lister.ts';
import { wholeTokens } from './listing.ts';
import { providerEndpoints } from './provider-endpoints.ts';

/** US dollars a token, as text. */
const perToken = z.union([z.string(), z.number()]).nullish().catch(null);

const modelSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish().catch(null),
  created: z.number().nullish().catch(null),
  description: z.string().nullish().catch(null),
  context_length: z.number().nullish().catch(null),
  architecture: z
    .looseObject({ input_modalities: z.array(z.string()).nullish().catch(null) })
    .nullish()
    .catch(null),
  pricing: z
    .looseObject({ prompt: perToken, completion: perToken, input_cache_read: perToken })
    .nullish()
    .catch(null),
  top_provider: z
    .looseObject({
      context_length: z.number().nullish().catch(null),
      max_completion_tokens: z.number().nullish().catch(null),
    })
    .nullish()
    .catch(null),
  supported_parameters: z.array(z.string()).nullish().catch(null),
});
const listSchema = z.looseObject({ data: lenientList(modelSchema) });
type Listed = z.infer<typeof modelSchema>;

/** OpenRouter's models with its own prices, limits, and what they can do. */
export const createOpenRouterLister = (deps: ListerDeps = {}): ModelLister =>
  createLister(
    { provider: 'openrouter', name: 'OpenRouter', needsKey: true },
    { endpoint: providerEndpoints.openrouter, ...deps },
    async ({ page }) => (await page({ path: '/models', schema: listSchema })).data.map(listedOf),
  );

function listedOf(model: Listed): ListedModel {
  const price = priceOf(model);
  const takes = model.supported_parameters ?? null;
  const input = model.architecture?.input_modalities ?? null;
  const lengths = [model.top_provider?.context_length, model.context_length].map(wholeTokens);
  return {
    modelId: model.id,
    displayName: model.name ?? model.id,
    // The provider behind it may take less than the model could.
    contextWindowTokens: lengths[0] ?? lengths[1] ?? null,
    maxOutputTokens: wholeTokens(model.top_provider?.max_completion_tokens),
    ...(price === null ? {} : { price }),
    metadata: {
      description: model.description?.slice(0, maxDescription) ?? null,
      capabilities: {
        ...(takes && { tools: takes.includes('tools'), reasoning: takes.includes('reasoning') }),
        ...(input && { vision: input.includes('image') }),
      },
    },
  };
}

const maxDescription = 500;

/** For a million tokens. Null where it depends on the model that is chosen for a call (-1), or is not told. */
function priceOf({ pricing }: Listed): Price | null {
  const input_usd = perMillion(pricing?.prompt);
  const output_usd = perMillion(pricing?.completion);
  if (input_usd === null || output_usd === null) return null;
  return { input_usd, output_usd, cached_input_usd: perMillion(pricing?.input_cache_read) };
}

/** Rounded to a millionth of a dollar, since 0.0000003 × 1,000,000 is not quite 0.3. */
function perMillion(price: string | number | null | undefined): number | null {
  if (price == null || price === '') return null;
  const usd = Math.round(Number(price) * 1e12) / 1e6;
  return Number.isFinite(usd) && usd >= 0 ? usd : null;
}

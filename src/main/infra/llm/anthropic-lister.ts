import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { createLister, lenientList, type ListerDeps } from './api-lister.ts';
import { knownAnthropic } from './known-limits.ts';
import { wholeTokens } from './listing.ts';
import { anthropicVersion, providerEndpoints } from './provider-endpoints.ts';

const modelSchema = z.looseObject({
  id: z.string().min(1),
  display_name: z.string().nullish().catch(null),
  created_at: z.string().nullish().catch(null),
  max_input_tokens: z.number().nullish().catch(null),
  max_tokens: z.number().nullish().catch(null),
});
const pageSchema = z.looseObject({
  data: lenientList(modelSchema),
  has_more: z.boolean().default(false),
  last_id: z.string().nullish().catch(null),
});

const pageLength = 1000;

/** Anthropic's models, page by page. */
export const createAnthropicLister = (deps: ListerDeps = {}): ModelLister =>
  createLister(
    {
      provider: 'anthropic',
      name: 'Anthropic',
      needsKey: true,
      headers: ({ key }) => ({ 'x-api-key': key, 'anthropic-version': anthropicVersion }),
    },
    { endpoint: providerEndpoints.anthropic, ...deps },
    async ({ page }) => {
      const models: ListedModel[] = [];
      for (let after = ''; ;) {
        const query = new URLSearchParams({ limit: String(pageLength), ...(after && { after_id: after }) });
        const { data, has_more, last_id } = await page({
          path: '/models',
          query: query.toString(),
          schema: pageSchema,
        });
        models.push(...data.map(listedOf));
        const next = last_id ?? data.at(-1)?.id ?? '';
        // A page that leads nowhere, or to itself, is the last.
        if (!has_more || next === '' || next === after) return models;
        after = next;
      }
    },
  );

function listedOf(model: z.infer<typeof modelSchema>): ListedModel {
  const known = knownAnthropic(model.id);
  return {
    modelId: model.id,
    displayName: model.display_name ?? model.id,
    contextWindowTokens: wholeTokens(model.max_input_tokens) ?? known?.contextTokens ?? null,
    maxOutputTokens: wholeTokens(model.max_tokens) ?? known?.outputTokens ?? null,
    metadata: {
      created_at: model.created_at ?? null,
      ...(known && {
        capabilities: { tools: known.tools, vision: known.vision, reasoning: known.reasoning },
      }),
    },
  };
}

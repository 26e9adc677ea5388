import { z } from 'zod';
import type { ModelLister } from '../../app/ports/model.ts';
import type { AccountProvider } from './account-server.ts';
import { createLister, lenientList, type ListerDeps } from './api-lister.ts';
import { wholeTokens } from './listing.ts';
import { chatgptApi } from './subscription-constants.ts';
import { chatgptError } from './subscription-errors.ts';

export const chatgptAccount: AccountProvider = {
  provider: 'chatgpt',
  name: 'ChatGPT',
  needsKey: true,
  errorOf: chatgptError,
};

const listSchema = z.looseObject({
  models: lenientList(
    z.looseObject({
      slug: z.string().min(1),
      display_name: z.string().nullish().catch(null),
      description: z.string().nullish().catch(null),
      visibility: z.literal('list'),
      context_window: z.number().nullish().catch(null),
      max_output_tokens: z.number().nullish().catch(null),
      input_modalities: z.array(z.string()).nullish().catch(null),
    }),
  ),
});

/** The models that a ChatGPT plan shares with other apps (llm-protocols.md §1.2). */
export const createChatgptLister = (deps: ListerDeps = {}): ModelLister =>
  createLister(chatgptAccount, { endpoint: chatgptApi.endpoint, ...deps }, async ({ page }) => {
    const { models } = await page({ path: '/models', schema: listSchema });
    return models.map((model) => ({
      modelId: model.slug,
      displayName: model.display_name ?? model.slug,
      contextWindowTokens: wholeTokens(model.context_window),
      maxOutputTokens: wholeTokens(model.max_output_tokens),
      metadata: {
        description: model.description ?? null,
        capabilities: {
          tools: true,
          vision: (model.input_modalities ?? []).includes('image'),
          reasoning: true,
        },
      },
    }));
  });

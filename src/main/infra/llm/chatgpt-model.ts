import type { ModelPort } from '../../app/ports/model.ts';
import { chatgptAccount } from './chatgpt-lister.ts';
import { subscriptionReasoning } from './codex-model.ts';
import { responsesOptions } from './openai-model.ts';
import { createPlanReader } from './plan-reader.ts';
import { asSubscriptionBody } from './responses-body.ts';
import { createSdkModel, type ProviderDeps } from './sdk-model.ts';
import { chatgptApi } from './subscription-constants.ts';

/**
 * A ChatGPT plan by OpenAI's documented way for local apps (llm-protocols.md §1.2): the user's own plan, for that user
 * only, and never a billed key in its place. It takes no output limit.
 */
export function createChatgptModel(deps: ProviderDeps = {}): ModelPort {
  return createSdkModel(
    {
      ...chatgptAccount,
      transport: ({ server }) => ({
        reader: () => createPlanReader(server),
        adjust: (body) =>
          asSubscriptionBody(body, {
            instructions: chatgptApi.instructions,
            cacheKey: false,
            alwaysTools: false,
          }),
      }),
      async open({ request, model, baseUrl, key }, fetch) {
        const { createOpenAI } = await import('@ai-sdk/openai');
        const openai = { ...responsesOptions(request, 'auto'), ...subscriptionReasoning(request) };
        return {
          model: createOpenAI({ apiKey: key, baseURL: baseUrl, fetch }).responses(model),
          replay: { provider: 'chatgpt', model },
          providerOptions: { openai },
        };
      },
    },
    { endpoint: chatgptApi.endpoint, ...deps },
  );
}

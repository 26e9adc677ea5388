import type { ModelMessage as SdkMessage } from 'ai';
import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import { createAnthropicReader } from './anthropic-reader.ts';
import { anthropicVersion, providerEndpoints } from './provider-endpoints.ts';
import { createSdkModel, type ProviderDeps } from './sdk-model.ts';
import type { SdkCall } from './sdk-stream.ts';
import { isObject, type JsonObject } from './stream-reader.ts';

/** Anthropic's Messages API with an API key. */
export function createAnthropicModel(deps: ProviderDeps = {}): ModelPort {
  return createSdkModel(
    {
      provider: 'anthropic',
      name: 'Anthropic',
      needsKey: true,
      transport: ({ server, request }) => ({
        reader: () => createAnthropicReader(server),
        headers: { 'anthropic-version': anthropicVersion },
        adjust: (body) => keepOutputLimit(body, request.maxOutputTokens),
      }),
      async open({ request, model, baseUrl, key }, fetch) {
        const { createAnthropic } = await import('@ai-sdk/anthropic');
        return {
          model: createAnthropic({ apiKey: key, baseURL: baseUrl, fetch })(model),
          replay: { provider: 'anthropic', model },
          prompt: withCacheHints,
          effort: takesEffort(model) ? request.effort : undefined,
        };
      },
    },
    { endpoint: providerEndpoints.anthropic, ...deps },
  );
}

/** Thinking came with Claude 3.7; older ones refuse it. */
const takesEffort = (model: string): boolean => !/claude-(instant|2|3-(?!7))/.test(model);

const cached = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/**
 * Breakpoints of the prompt cache: the tools and the system text, the conversation up to now, and up to the turn before
 * (whose entry the cache finds again even after a step of more blocks than the 20 it looks back by itself).
 */
const withCacheHints: SdkCall['prompt'] = (instructions, messages) => {
  const asks = (index: number): boolean => ['user', 'tool'].includes(messages[index]?.role ?? '');
  const turnEnds = messages.flatMap((_, index) => (asks(index) && !asks(index + 1) ? [index] : []));
  const marked = new Set(turnEnds.slice(-2));
  return {
    instructions:
      instructions === '' ? instructions : { role: 'system', content: instructions, providerOptions: cached },
    messages: messages.map((message, index): SdkMessage =>
      marked.has(index) ? { ...message, providerOptions: cached } : message,
    ),
  };
};

/**
 * The SDK adds the thinking budget to the output limit. Ours is the limit of all that may come back, since it is what
 * was reserved: thinking has to fit in it, and is left out where nothing would remain for the answer.
 */
function keepOutputLimit(body: JsonObject, limit: ModelRequest['maxOutputTokens']): void {
  if (limit === undefined || typeof body.max_tokens !== 'number') return;
  body.max_tokens = Math.min(body.max_tokens, limit);
  const { thinking } = body;
  if (!isObject(thinking) || typeof thinking.budget_tokens !== 'number') return;
  const budget = Math.min(thinking.budget_tokens, Math.floor(limit / 2));
  if (budget >= leastThinking) thinking.budget_tokens = budget;
  else delete body.thinking;
}

/** Anthropic takes no smaller budget. */
const leastThinking = 1024;

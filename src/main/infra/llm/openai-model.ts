import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import { providerEndpoints } from './provider-endpoints.ts';
import { createResponsesReader } from './responses-reader.ts';
import { createSdkModel, type ProviderDeps, type SdkAdapter } from './sdk-model.ts';
import { isStrictSchema } from './strict-schema.ts';

/**
 * OpenAI's Responses API with an API key. Nothing is stored there: reasoning goes back and forth encrypted. Which
 * models take an effort is known to the SDK; it leaves it out for the others.
 */
export function createOpenAIModel(deps: ProviderDeps = {}): ModelPort {
  const given = { endpoint: providerEndpoints.openai, ...deps };
  const summarized = createSdkModel(adapterOf(true), given);
  const plain = createSdkModel(adapterOf(false), given);
  const unverified = new Set<string>();
  return {
    async *stream(request, signal) {
      const account = request.credential?.accountId ?? '';
      const first = unverified.has(account) ? plain : summarized;
      for await (const event of first.stream(request, signal)) {
        if (first === plain || !needsVerification(event)) {
          yield event;
          continue;
        }
        // Refused before any work: the same again without what this organization may not have.
        unverified.add(account);
        yield* plain.stream(request, signal);
      }
    },
  };
}

/** Organizations that are not verified get no summaries of reasoning; the request as a whole is refused. */
const needsVerification = (event: ModelEvent): boolean =>
  event.type === 'error' &&
  /verified to generate reasoning summaries|reasoning\.summary/i.test(event.error.message);

const adapterOf = (summaries: boolean): SdkAdapter => ({
  provider: 'openai',
  name: 'OpenAI',
  needsKey: true,
  transport: ({ server }) => ({ reader: () => createResponsesReader(server) }),
  async open({ request, model, baseUrl, key }, fetch) {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return {
      model: createOpenAI({ apiKey: key, baseURL: baseUrl, fetch }).responses(model),
      replay: { provider: 'openai', model },
      effort: request.effort,
      providerOptions: { openai: responsesOptions(request, summaries ? 'auto' : null) },
    };
  },
});

/** What every Responses call of ours has: nothing stored, a name for the prompt cache, summaries where they are had. */
export const responsesOptions = (request: ModelRequest, reasoningSummary: 'auto' | null) => ({
  store: false,
  reasoningSummary,
  strictJsonSchema: isStrictSchema(request.responseSchema),
  ...(request.cacheKey === undefined ? {} : { promptCacheKey: request.cacheKey.slice(0, 64) }),
});

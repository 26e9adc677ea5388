import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import { createGeminiReader } from './gemini-reader.ts';
import { providerEndpoints } from './provider-endpoints.ts';
import { createSdkModel, type ProviderDeps } from './sdk-model.ts';
import { objectAt, type JsonObject } from './stream-reader.ts';

/** Google's Gemini API with an API key. */
export function createGoogleModel(deps: ProviderDeps = {}): ModelPort {
  return createSdkModel(
    {
      provider: 'google',
      name: 'Google',
      needsKey: true,
      transport: ({ server, request }) => ({
        reader: () => createGeminiReader(server),
        adjust: (body) => leaveRoom(body, request.maxOutputTokens),
      }),
      async open({ request, model, baseUrl, key }, fetch) {
        const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
        const thinks = geminiThinks(model);
        return {
          model: createGoogleGenerativeAI({ apiKey: key, baseURL: baseUrl, fetch })(model),
          replay: { provider: 'google', model },
          effort: thinks ? request.effort : undefined,
          ...(thinks ? { providerOptions: withThoughts } : {}),
        };
      },
    },
    { endpoint: providerEndpoints.google, ...deps },
  );
}

const withThoughts = { google: { thinkingConfig: { includeThoughts: true } } };

/** The thinking budget is part of the output limit: half of it stays for the answer. */
function leaveRoom(body: JsonObject, limit: ModelRequest['maxOutputTokens']): void {
  const thinking = objectAt(objectAt(body, 'generationConfig'), 'thinkingConfig');
  if (limit === undefined || typeof thinking.thinkingBudget !== 'number') return;
  thinking.thinkingBudget = Math.min(thinking.thinkingBudget, Math.floor(limit / 2));
}

/** Gemini thinks since 2.5; the models for pictures and speech do not, and refuse to be told how. */
export const geminiThinks = (model: string): boolean =>
  /^(models\/)?gemini-(2\.5|[3-9]|\d{2}|(pro|flash|flash-lite)-latest)/.test(model) &&
  !/image|tts|audio|live|embedding|robotics|computer-use/.test(model);

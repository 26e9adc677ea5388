import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import { openChat } from './chat-model.ts';
import { createChatReader } from './chat-reader.ts';
import { providerEndpoints } from './provider-endpoints.ts';
import { createSdkModel, type ProviderDeps } from './sdk-model.ts';
import type { JsonObject } from './stream-reader.ts';

/** A server of the user's own that speaks OpenAI's Chat Completions: LM Studio, vLLM, llama.cpp and their like. */
export function createOpenAICompatibleModel(deps: ProviderDeps = {}): ModelPort {
  return createSdkModel(
    {
      provider: 'openai-compatible',
      name: 'The server',
      needsKey: false,
      complete: withVersion,
      transport: ({ server, request, model, authorization, key }) => ({
        reader: () => createChatReader(server, { endsWithoutDone: true }),
        ...(key === '' && authorization !== null ? { headers: { authorization } } : {}),
        adjust: (body) => adjust(body, request, model),
      }),
      open: openChat('openai-compatible'),
    },
    { endpoint: providerEndpoints['openai-compatible'], ...deps },
  );
}

/** The address of a server is often written without the `/v1` that its calls begin with. */
export const withVersion = (baseUrl: string): string =>
  new URL(baseUrl).pathname === '/' ? `${baseUrl}/v1` : baseUrl;

/** OpenAI's reasoning models, also behind other addresses, want their limit by its newer name. */
const newerOpenAI = /(^|\/)(o\d|gpt-[5-9])/;
/** Those, and the open ones, are known to take an effort; other servers may refuse a field that they do not know. */
const takesEffort = /(^|\/)(o\d|gpt-[5-9]|gpt-oss)/;

function adjust(body: JsonObject, request: ModelRequest, model: string): void {
  if (newerOpenAI.test(model) && body.max_tokens !== undefined) {
    body.max_completion_tokens = body.max_tokens;
    delete body.max_tokens;
  }
  if (request.effort !== undefined && takesEffort.test(model)) body.reasoning_effort = request.effort;
}

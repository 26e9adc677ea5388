import type { SdkAdapter } from './sdk-model.ts';
import { isStrictSchema } from './strict-schema.ts';

/** The SDK's side of a provider that speaks OpenAI's Chat Completions. */
export const openChat =
  (provider: string): SdkAdapter['open'] =>
  async ({ request, model, baseUrl, key }, fetch) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const compatible = createOpenAICompatible({
      name: provider,
      baseURL: baseUrl,
      ...(key === '' ? {} : { apiKey: key }),
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
    return {
      model: compatible.chatModel(model),
      providerOptions: { openaiCompatible: { strictJsonSchema: isStrictSchema(request.responseSchema) } },
    };
  };

import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { createLister, lenientList, type ListerDeps } from './api-lister.ts';
import { geminiThinks } from './google-model.ts';
import { wholeTokens } from './listing.ts';
import { providerEndpoints } from './provider-endpoints.ts';

const modelSchema = z.looseObject({
  name: z.string().regex(/^(models|tunedModels)\/./),
  displayName: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  inputTokenLimit: z.number().nullish().catch(null),
  outputTokenLimit: z.number().nullish().catch(null),
  supportedGenerationMethods: z.array(z.string()).catch([]),
  thinking: z.boolean().nullish().catch(null),
});
const pageSchema = z.looseObject({
  models: lenientList(modelSchema).optional(),
  nextPageToken: z.string().nullish().catch(null),
});

const pageLength = 1000;

/** Gemini's models that generate content, page by page. */
export const createGoogleLister = (deps: ListerDeps = {}): ModelLister =>
  createLister(
    {
      provider: 'google',
      name: 'Google',
      needsKey: true,
      headers: ({ key }) => ({ 'x-goog-api-key': key }),
    },
    { endpoint: providerEndpoints.google, ...deps },
    async ({ page }) => {
      const models: ListedModel[] = [];
      for (let token = ''; ;) {
        const query = new URLSearchParams({
          pageSize: String(pageLength),
          ...(token && { pageToken: token }),
        });
        const { models: found = [], nextPageToken } = await page({
          path: '/models',
          query: query.toString(),
          schema: pageSchema,
        });
        models.push(...found.filter(talks).map(listedOf));
        if (nextPageToken == null || nextPageToken === '' || nextPageToken === token) return models;
        token = nextPageToken;
      }
    },
  );

type Listed = z.infer<typeof modelSchema>;

const talks = ({ name, supportedGenerationMethods }: Listed): boolean =>
  supportedGenerationMethods.includes('generateContent') && !/tts|image|audio|embedding|aqa/.test(name);

function listedOf(model: Listed): ListedModel {
  const modelId = model.name.replace(/^models\//, '');
  return {
    modelId,
    displayName: model.displayName ?? modelId,
    contextWindowTokens: wholeTokens(model.inputTokenLimit),
    maxOutputTokens: wholeTokens(model.outputTokenLimit),
    metadata: {
      description: model.description ?? null,
      capabilities: {
        // Gemma takes functions no more than a system text; each Gemini takes both, and pictures.
        tools: modelId.startsWith('gemini'),
        vision: modelId.startsWith('gemini'),
        reasoning: model.thinking ?? geminiThinks(modelId),
      },
    },
  };
}

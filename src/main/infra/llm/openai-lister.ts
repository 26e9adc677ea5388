import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { createLister, lenientList, type ListerDeps } from './api-lister.ts';
import { knownOpenAI } from './known-limits.ts';
import { wholeTokens } from './listing.ts';
import { withVersion } from './openai-compatible-model.ts';
import { providerEndpoints } from './provider-endpoints.ts';

const modelSchema = z.looseObject({
  id: z.string().min(1),
  created: z.number().nullish().catch(null),
  owned_by: z.string().nullish().catch(null),
  /** vLLM. */
  max_model_len: z.number().nullish().catch(null),
  /** llama.cpp: what the server was started with, else what the model was trained for. */
  meta: z
    .looseObject({ n_ctx: z.number().nullish().catch(null), n_ctx_train: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
});
const listSchema = z.looseObject({ data: lenientList(modelSchema) });
type Listed = z.infer<typeof modelSchema>;

/** OpenAI's models that can be talked to: its list has those for speech, pictures and embeddings too. */
export const createOpenAILister = (deps: ListerDeps = {}): ModelLister =>
  createLister(
    { provider: 'openai', name: 'OpenAI', needsKey: true },
    { endpoint: providerEndpoints.openai, ...deps },
    async ({ page }) => {
      const { data } = await page({ path: '/models', schema: listSchema });
      return data.filter(({ id }) => knownOpenAI(id) !== null && !otherUses.test(id)).map(openAIModel);
    },
  );

const otherUses =
  /audio|realtime|transcribe|tts|image|search|instruct|moderation|embedding|computer-use|deep-research/;

function openAIModel(listed: Listed): ListedModel {
  const known = knownOpenAI(listed.id);
  return {
    modelId: listed.id,
    displayName: listed.id,
    contextWindowTokens: known?.contextTokens ?? null,
    maxOutputTokens: known?.outputTokens ?? null,
    metadata: {
      ...metadataOf(listed),
      ...(known && {
        capabilities: { tools: known.tools, vision: known.vision, reasoning: known.reasoning },
      }),
    },
  };
}

/** The models of a server of the user's own. What they can do it does not say. */
export const createOpenAICompatibleLister = (deps: ListerDeps = {}): ModelLister =>
  createLister(
    { provider: 'openai-compatible', name: 'The server', needsKey: false, complete: withVersion },
    { endpoint: providerEndpoints['openai-compatible'], ...deps },
    async ({ page }) => {
      const { data } = await page({ path: '/models', schema: listSchema });
      return data
        .filter(({ id }) => !/embed/i.test(id))
        .map((listed) => ({
          modelId: listed.id,
          displayName: listed.id,
          contextWindowTokens: wholeTokens(
            listed.max_model_len ?? listed.meta?.n_ctx ?? listed.meta?.n_ctx_train,
          ),
          maxOutputTokens: null,
          metadata: metadataOf(listed),
        }));
    },
  );

const metadataOf = ({ created, owned_by }: Listed) => ({
  created_at: typeof created === 'number' && created > 0 ? new Date(created * 1000).toISOString() : null,
  owned_by: owned_by ?? null,
});

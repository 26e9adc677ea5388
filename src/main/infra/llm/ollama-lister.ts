import { z } from 'zod';
import { err, ok } from '../../../shared/errors.ts';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { failureIn, ModelFailure, oneLine } from './model-failure.ts';
import { callOllama, type OllamaCall, type OllamaHttp } from './ollama-http.ts';

const tagsSchema = z.object({
  models: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        modified_at: z.string().optional(),
        size: z.number().optional(),
        digest: z.string().optional(),
        details: z
          .looseObject({
            family: z.string().optional(),
            parameter_size: z.string().optional(),
            quantization_level: z.string().optional(),
          })
          .optional(),
      }),
    )
    .nullable(),
});
type Tag = NonNullable<z.infer<typeof tagsSchema>['models']>[number];

const showSchema = z.looseObject({
  model_info: z.record(z.string(), z.unknown()).optional(),
  capabilities: z.array(z.string()).optional(),
});

interface Shown {
  contextWindowTokens: number | null;
  capabilities: string[] | null;
}

/** Calls of `/api/show` at a time, and in one refresh: the rest of a very long list gets its turn in the next ones. */
const parallelShows = 4;
const maxShows = 200;

/**
 * Lists what `ollama pull` has brought. What a model can do comes from `/api/show` and is remembered by digest, so a
 * refresh costs one request. A model that cannot be shown is listed with less.
 */
export function createOllamaLister(deps: { baseUrl: () => string; fetch?: HttpFetch }): ModelLister {
  const http: OllamaHttp = { baseUrl: deps.baseUrl, fetch: deps.fetch ?? createHttpFetch() };
  const shownByDigest = new Map<string, Shown>();
  return {
    provider: 'ollama',
    needsAccount: false,
    async list(_request, signal) {
      try {
        const tags = (await getJson(http, { path: '/api/tags', model: '', signal }, tagsSchema)).models ?? [];
        await showUnknown(http, tags, shownByDigest, signal);
        const models = tags.flatMap((tag) => listedOf(tag, shownByDigest.get(keyOf(tag)) ?? null));
        return ok({ changed: true, models, etag: null, quota: null });
      } catch (thrown) {
        if (signal.aborted) return err({ kind: 'canceled', message: 'The listing was canceled.' });
        const known = failureIn(thrown);
        if (known !== null) return err(known);
        return err({
          kind: 'bad_response',
          message: `Ollama's list cannot be read: ${oneLine(String(thrown))}`,
        });
      }
    },
  };
}

/** A tag can be moved to another model; its digest cannot. */
const keyOf = (tag: Tag): string => tag.digest ?? `${tag.name} ${tag.modified_at ?? ''}`;

async function showUnknown(
  http: OllamaHttp,
  tags: readonly Tag[],
  shown: Map<string, Shown>,
  signal: AbortSignal,
): Promise<void> {
  const unknown = tags.filter((tag) => !shown.has(keyOf(tag))).slice(0, maxShows);
  const queue = unknown.values();
  const worker = async (): Promise<void> => {
    for (const tag of queue) {
      const facts = await showModel(http, tag.name, signal);
      if (facts !== null) shown.set(keyOf(tag), facts);
    }
  };
  await Promise.all(Array.from({ length: parallelShows }, worker));
}

/** Null when it fails. Throws only when aborted. */
async function showModel(http: OllamaHttp, model: string, signal: AbortSignal): Promise<Shown | null> {
  try {
    const shown = await getJson(http, { path: '/api/show', body: { model }, model, signal }, showSchema);
    const info = shown.model_info ?? {};
    const length = Object.entries(info).find(([key]) => key.endsWith('.context_length'))?.[1];
    return {
      contextWindowTokens: typeof length === 'number' ? length : null,
      capabilities: shown.capabilities ?? null,
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return null;
  }
}

/** Nothing for a model that only embeds: it cannot be talked to. */
function listedOf(tag: Tag, shown: Shown | null): ListedModel[] {
  const capabilities = shown?.capabilities ?? null;
  if (capabilities !== null && capabilities.length > 0 && !capabilities.includes('completion')) return [];
  return [
    {
      modelId: tag.name,
      displayName: tag.name,
      contextWindowTokens: shown?.contextWindowTokens ?? null,
      maxOutputTokens: null,
      metadata: {
        family: tag.details?.family ?? null,
        parameter_size: tag.details?.parameter_size ?? null,
        quantization_level: tag.details?.quantization_level ?? null,
        size_bytes: tag.size ?? null,
        digest: tag.digest ?? null,
        modified_at: tag.modified_at ?? null,
        ...(capabilities !== null && {
          capabilities: {
            tools: capabilities.includes('tools'),
            vision: capabilities.includes('vision'),
            reasoning: capabilities.includes('thinking'),
          },
        }),
      },
    },
  ];
}

async function getJson<T extends z.ZodType>(
  http: OllamaHttp,
  call: OllamaCall,
  schema: T,
): Promise<z.infer<T>> {
  const text = await (await callOllama(http, call)).text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Judged by the schema like any other wrong answer.
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const message = `Ollama answered ${call.path} with something else: ${oneLine(text, 80) || 'nothing'}`;
  throw new ModelFailure({ kind: 'bad_response', message });
}

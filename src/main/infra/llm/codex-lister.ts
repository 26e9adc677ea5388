import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import type { QuotaReading } from '../../domain/model-messages.ts';
import { serverOfAccount } from './account-server.ts';
import type { ListerDeps } from './api-lister.ts';
import type { ApiServer } from './api-http.ts';
import { callJson } from './call-json.ts';
import { codexAccount, codexHeaders } from './codex-account.ts';
import { quotaOfUsage } from './codex-quota.ts';
import { createHttpFetch } from './http-fetch.ts';
import { asListing, wholeTokens, withoutRepeats } from './listing.ts';
import { ModelFailure } from './model-failure.ts';
import { codexBackend } from './subscription-constants.ts';
import { noCodexModels } from './subscription-errors.ts';

export interface CodexListerDeps extends ListerDeps {
  /** Null for the one shipped. */
  clientVersion?: string | null;
}

const listSchema = z.looseObject({ models: z.array(z.unknown()) });

const modelSchema = z.looseObject({
  slug: z.string().min(1),
  display_name: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  default_reasoning_level: z.string().nullish().catch(null),
  supported_reasoning_levels: z
    .array(z.looseObject({ effort: z.string() }))
    .nullish()
    .catch(null),
  visibility: z.string().nullish().catch(null),
  priority: z.number().nullish().catch(null),
  minimal_client_version: z.unknown().optional(),
  context_window: z.number().nullish().catch(null),
  max_context_window: z.number().nullish().catch(null),
  input_modalities: z.array(z.string()).nullish().catch(null),
  use_responses_lite: z.boolean().nullish().catch(null),
});
type Model = z.infer<typeof modelSchema>;

/** The models of a ChatGPT plan, and how much of the plan is used. */
export function createCodexLister(deps: CodexListerDeps = {}): ModelLister {
  const http = deps.fetch ?? createHttpFetch();
  const { endpoint = codexBackend.endpoint } = deps;
  const clientVersion = deps.clientVersion ?? codexBackend.clientVersion;
  return {
    provider: 'openai-codex',
    needsAccount: true,
    list: ({ credential, etag }, signal) =>
      asListing(codexAccount.name, signal, async () => {
        const { server } = serverOfAccount(codexAccount, { http, endpoint, credential, model: '' });
        const headers = codexHeaders(credential, clientVersion);
        const [list, quota] = await Promise.all([
          callJson(server, {
            url: `${server.address}/codex/models?client_version=${encodeURIComponent(clientVersion)}`,
            headers: { ...headers, ...(etag === undefined ? {} : { 'if-none-match': etag }) },
            schema: listSchema,
            signal,
          }),
          // How much is used is told beside the list: it must not take the list away.
          readUsage(server, headers, signal).catch(() => null),
        ]);
        if (list.value === null) return { changed: false, quota };
        if (list.value.models.length === 0) throw new ModelFailure(noCodexModels(clientVersion));
        return { changed: true, models: modelsOf(list.value.models, clientVersion), etag: list.etag, quota };
      }),
  };
}

async function readUsage(
  server: ApiServer,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<QuotaReading | null> {
  const url = `${server.address}/wham/usage`;
  const { value } = await callJson(server, { url, headers, schema: z.unknown(), signal });
  return quotaOfUsage(value, Date.now());
}

/** Entries of another shape are left out: one odd model must not take away all others. */
function modelsOf(entries: readonly unknown[], clientVersion: string): ListedModel[] {
  const models = entries.flatMap((entry) => modelSchema.safeParse(entry).data ?? []);
  return withoutRepeats(models.filter((model) => isUsable(model, clientVersion)).map(listedOf));
}

/** `use_responses_lite` asks for a protocol that is not ours; a list without `visibility` hides nothing. */
const isUsable = (model: Model, clientVersion: string): boolean =>
  (model.visibility ?? 'list') === 'list' &&
  model.use_responses_lite !== true &&
  !isNewer(model.minimal_client_version, clientVersion);

/** Is `wanted`, of the form 1.2.3 or [1, 2, 3], above our version. */
function isNewer(wanted: unknown, ours: string): boolean {
  const numbers = (version: string): number[] => version.split('.').map(Number);
  const min = typeof wanted === 'string' ? numbers(wanted) : Array.isArray(wanted) ? wanted.map(Number) : [];
  const own = numbers(ours);
  for (const [at, part] of min.entries()) {
    const difference = part - (own[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function listedOf(model: Model): ListedModel {
  const efforts = (model.supported_reasoning_levels ?? []).map(({ effort }) => effort);
  return {
    modelId: model.slug,
    displayName: model.display_name ?? model.slug,
    contextWindowTokens: wholeTokens(model.context_window ?? model.max_context_window),
    maxOutputTokens: null,
    metadata: {
      description: model.description ?? null,
      reasoning_efforts: efforts,
      default_reasoning_effort: model.default_reasoning_level ?? null,
      provider_priority: model.priority ?? null,
      capabilities: {
        tools: true,
        vision: (model.input_modalities ?? []).includes('image'),
        reasoning: efforts.length > 0,
      },
    },
  };
}

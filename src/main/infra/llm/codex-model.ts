import { randomUUID } from 'node:crypto';
import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent, QuotaReading } from '../../domain/model-messages.ts';
import { codexAccount, codexHeaders } from './codex-account.ts';
import { quotaOfEvent, quotaOfHeaders } from './codex-quota.ts';
import { createHttpFetch } from './http-fetch.ts';
import { responsesOptions } from './openai-model.ts';
import { createPlanReader } from './plan-reader.ts';
import { asSubscriptionBody } from './responses-body.ts';
import { createSdkModel, type ProviderDeps, type SdkAdapter } from './sdk-model.ts';
import { codexBackend } from './subscription-constants.ts';

export interface CodexModelDeps extends ProviderDeps {
  /** Null for the one shipped. */
  clientVersion?: string | null;
  uuid?: () => string;
}

/**
 * A ChatGPT plan by the backend of the Codex client (llm-protocols.md §2.1). It takes no output limit: an answer is as
 * long as the model makes it.
 */
export function createCodexModel(deps: CodexModelDeps = {}): ModelPort {
  const given = { endpoint: codexBackend.endpoint, ...deps, fetch: deps.fetch ?? createHttpFetch() };
  return {
    stream: (request, signal) => createSdkModel(adapterOf(deps, request), given).stream(request, signal),
  };
}

/** One for each call: it keeps what the answer tells of the plan. */
function adapterOf(deps: CodexModelDeps, { cacheKey }: ModelRequest): SdkAdapter {
  let quota: QuotaReading | null = null;
  const heard = (reading: QuotaReading | null): void => {
    quota = reading === null ? quota : { ...reading, plan: reading.plan ?? quota?.plan ?? null };
  };
  const version = deps.clientVersion ?? codexBackend.clientVersion;
  const session = cacheKey ?? (deps.uuid ?? randomUUID)();
  return {
    ...codexAccount,
    transport: ({ server, request: { credential } }) => ({
      reader: () =>
        createPlanReader(server, (event) => {
          if (event.type === 'codex.rate_limits') heard(quotaOfEvent(event, Date.now()));
        }),
      headers: {
        ...codexHeaders(credential, version),
        accept: 'text/event-stream',
        'session-id': session,
      },
      adjust: (body) =>
        asSubscriptionBody(body, {
          instructions: codexBackend.instructions,
          cacheKey: true,
          alwaysTools: true,
        }),
      onAnswer: ({ headers }) => heard(quotaOfHeaders(headers, Date.now())),
    }),
    async open({ request, model, baseUrl, key }, fetch) {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const openai = { ...responsesOptions(request, 'auto'), ...subscriptionReasoning(request) };
      return {
        model: createOpenAI({ apiKey: key, baseURL: `${baseUrl}/codex`, fetch }).responses(model),
        replay: { provider: 'openai-codex', model },
        providerOptions: { openai },
      };
    },
    finish: (_context, event) => withReading(event, quota),
  };
}

/** Models of a subscription all reason, whether or not the SDK has heard of them; none of them takes `minimal`. */
export const subscriptionReasoning = ({ effort }: ModelRequest) => ({
  forceReasoning: true,
  ...(effort === undefined ? {} : { reasoningEffort: effort === 'minimal' ? 'low' : effort }),
});

const withReading = (event: ModelEvent, quota: QuotaReading | null): ModelEvent =>
  event.type === 'done' && quota !== null ? { ...event, quota } : event;

import type { Settings } from '../../../shared/settings.ts';
import { outputLimitOf, worstCaseOf, type OutputLimit } from '../../domain/call-bound.ts';
import type { ModelRoute } from '../../domain/model-route.ts';
import type { Tariff } from '../../domain/price.ts';
import type { CallModel } from '../crew/engine.ts';
import type { Credential } from '../ports/credentials.ts';
import type { CallFacts } from '../ports/money-store.ts';
import type { ListedModel, ModelRequest } from '../ports/model.ts';
import type { WorstCall } from '../usage/ledger.ts';
import type { Prices } from './prices.ts';
import type { Conversation, PromptMemory } from './prompt-memory.ts';

export type CallRequest = Parameters<CallModel>[0];

export interface TargetDeps {
  prices: Pick<Prices, 'tariffOf'>;
  /** What the catalog knows of a model; null where it does not have it. */
  listed: (route: ModelRoute) => ListedModel | null;
  settings: () => Pick<Settings, 'max_output_tokens' | 'fallback_model'>;
  memory: PromptMemory;
}

/** One request for one model with one account: what is sent, and the most that it can come to. */
export interface CallTarget {
  route: ModelRoute;
  credential: Credential;
  /** For the limits of the account's rate; null where there is no account, or none that anybody else shares. */
  account: string | null;
  request: ModelRequest;
  facts: CallFacts;
  conversation: Conversation;
  /** Null: the price is not known. */
  tariff: Tariff | null;
  worst: WorstCall;
}

export function targetOf(
  deps: TargetDeps,
  call: CallRequest,
  route: ModelRoute,
  credential: Credential,
): CallTarget {
  const { provider, modelId } = route;
  const { accountId, kind } = credential;
  const tariff = deps.prices.tariffOf(provider, modelId, credential.baseUrl);
  const { max_output_tokens: setting } = deps.settings();
  const limit = outputLimitOf(provider, deps.listed(route)?.maxOutputTokens ?? null, setting);
  const request = requestOf(call, route, credential, limit);
  const conversation = {
    jobId: call.jobId ?? '',
    agent: call.agent,
    model: `${provider}:${accountId}/${modelId}`,
  };
  const promptTokens = deps.memory.bound(conversation, request);
  return {
    route,
    credential,
    account: kind === 'none' ? null : `${provider}:${accountId}`,
    request,
    facts: { jobId: call.jobId, provider, accountId, model: modelId, role: call.role },
    conversation,
    tariff,
    worst: { promptTokens, amount: worstCaseOf(tariff, promptTokens, limit.bound) },
  };
}

function requestOf(
  { jobId: _j, agent: _a, role: _r, maxOutputTokens, ...request }: CallRequest,
  { provider, modelId }: ModelRoute,
  credential: Credential,
  limit: OutputLimit,
): ModelRequest {
  const send = limit.send === undefined ? undefined : Math.min(limit.send, maxOutputTokens ?? limit.send);
  return {
    ...request,
    model: `${provider}/${modelId}`,
    credential,
    ...(send === undefined ? {} : { maxOutputTokens: send }),
  };
}

import type { ModelLister, ModelPort } from '../../app/ports/model.ts';
import type { AntigravityGate } from './antigravity-gate.ts';
import { createAntigravityLister } from './antigravity-lister.ts';
import { createAntigravityModel } from './antigravity-model.ts';
import { createChatgptLister } from './chatgpt-lister.ts';
import { createChatgptModel } from './chatgpt-model.ts';
import { createCodexLister } from './codex-lister.ts';
import { createCodexModel } from './codex-model.ts';
import type { HttpFetch } from './http-fetch.ts';

type Subscription = 'openai-codex' | 'chatgpt' | 'google-antigravity';

export interface SubscriptionDeps extends AntigravityGate {
  fetch: HttpFetch;
  /** Other addresses than the providers' own. */
  endpoints?: Partial<Record<Subscription, string>>;
  /** Of the Codex client; null for the one shipped. */
  codexClientVersion?: string | null;
}

/** The providers that are called on a plan of the user's own, by their names in the router. */
export const createSubscriptionModels = (deps: SubscriptionDeps): Record<Subscription, ModelPort> => ({
  'openai-codex': createCodexModel(at(deps, 'openai-codex')),
  chatgpt: createChatgptModel(at(deps, 'chatgpt')),
  'google-antigravity': createAntigravityModel({ ...deps, ...at(deps, 'google-antigravity') }),
});

export const createSubscriptionListers = (deps: SubscriptionDeps): ModelLister[] => [
  createCodexLister(at(deps, 'openai-codex')),
  createChatgptLister(at(deps, 'chatgpt')),
  createAntigravityLister({ ...deps, ...at(deps, 'google-antigravity') }),
];

function at({ fetch, endpoints = {}, codexClientVersion }: SubscriptionDeps, provider: Subscription) {
  const endpoint = endpoints[provider];
  const version = codexClientVersion ?? null;
  return { fetch, clientVersion: version, ...(endpoint === undefined ? {} : { endpoint }) };
}

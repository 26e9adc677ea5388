import type { ModelLister, ModelPort } from '../../app/ports/model.ts';
import { createAnthropicLister } from './anthropic-lister.ts';
import { createAnthropicModel } from './anthropic-model.ts';
import type { ListerDeps } from './api-lister.ts';
import { createGoogleLister } from './google-lister.ts';
import { createGoogleModel } from './google-model.ts';
import { createOpenAICompatibleLister, createOpenAILister } from './openai-lister.ts';
import { createOpenAICompatibleModel } from './openai-compatible-model.ts';
import { createOpenAIModel } from './openai-model.ts';
import { createOpenRouterLister } from './openrouter-lister.ts';
import { createOpenRouterModel } from './openrouter-model.ts';
import type { KeyProvider } from './provider-endpoints.ts';
import type { ProviderDeps } from './sdk-model.ts';

export interface KeyProvidersDeps extends Omit<ProviderDeps, 'endpoint'> {
  /** Other addresses than the providers' own, for tests. */
  endpoints?: Partial<Record<KeyProvider, string>>;
}

/** The providers that are called with an API key, by their names in the router. */
export function createKeyModels(deps: KeyProvidersDeps): Record<KeyProvider, ModelPort> {
  const { frameMs } = deps;
  const at = (provider: KeyProvider): ProviderDeps => ({
    ...addressed(deps, provider),
    ...(frameMs === undefined ? {} : { frameMs }),
  });
  return {
    openai: createOpenAIModel(at('openai')),
    anthropic: createAnthropicModel(at('anthropic')),
    google: createGoogleModel(at('google')),
    openrouter: createOpenRouterModel(at('openrouter')),
    'openai-compatible': createOpenAICompatibleModel(at('openai-compatible')),
  };
}

/** What lists their models. */
export const createKeyListers = (deps: KeyProvidersDeps): ModelLister[] => [
  createOpenAILister(addressed(deps, 'openai')),
  createAnthropicLister(addressed(deps, 'anthropic')),
  createGoogleLister(addressed(deps, 'google')),
  createOpenRouterLister(addressed(deps, 'openrouter')),
  createOpenAICompatibleLister(addressed(deps, 'openai-compatible')),
];

function addressed({ fetch, endpoints = {} }: KeyProvidersDeps, provider: KeyProvider): ListerDeps {
  const endpoint = endpoints[provider];
  return { ...(fetch === undefined ? {} : { fetch }), ...(endpoint === undefined ? {} : { endpoint }) };
}

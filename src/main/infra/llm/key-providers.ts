import type { ModelPort } from '../../app/ports/model.ts';
import { createAnthropicModel } from './anthropic-model.ts';
import { createGoogleModel } from './google-model.ts';
import { createOpenAICompatibleModel } from './openai-compatible-model.ts';
import { createOpenAIModel } from './openai-model.ts';
import { createOpenRouterModel } from './openrouter-model.ts';
import type { KeyProvider } from './provider-endpoints.ts';
import type { ProviderDeps } from './sdk-model.ts';

export interface KeyProvidersDeps extends Omit<ProviderDeps, 'endpoint'> {
  /** Other addresses than the providers' own, for tests. */
  endpoints?: Partial<Record<KeyProvider, string>>;
}

/** The providers that are called with an API key, by their names in the router. */
export function createKeyModels({
  endpoints = {},
  ...deps
}: KeyProvidersDeps): Record<KeyProvider, ModelPort> {
  const at = (provider: KeyProvider): ProviderDeps => {
    const endpoint = endpoints[provider];
    return endpoint === undefined ? deps : { ...deps, endpoint };
  };
  return {
    openai: createOpenAIModel(at('openai')),
    anthropic: createAnthropicModel(at('anthropic')),
    google: createGoogleModel(at('google')),
    openrouter: createOpenRouterModel(at('openrouter')),
    'openai-compatible': createOpenAICompatibleModel(at('openai-compatible')),
  };
}

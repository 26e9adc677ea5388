import { providers, type ProviderId } from '../../shared/models.ts';

/** A model of a provider, out of a name such as `ollama/llama3.1:8b`. */
export interface ModelRoute {
  provider: ProviderId;
  modelId: string;
}

/** Names without a provider, as the first Dev Crew routed them (issue of models §1); the first match counts. */
const oldPrefixes: readonly { prefix: RegExp; provider: ProviderId }[] = [
  { prefix: /^(codex|gpt)/i, provider: 'openai-codex' },
  { prefix: /^(gemini|antigravity)/i, provider: 'google-antigravity' },
];

/** Provider and model of a name; null when it names no provider that we know. */
export function routeModel(name: string): ModelRoute | null {
  const slash = name.indexOf('/');
  const provider = providers.find((known) => known === name.slice(0, Math.max(0, slash)));
  if (provider !== undefined)
    return slash + 1 < name.length ? { provider, modelId: name.slice(slash + 1) } : null;
  const old = oldPrefixes.find(({ prefix }) => prefix.test(name));
  return old === undefined ? null : { provider: old.provider, modelId: name };
}

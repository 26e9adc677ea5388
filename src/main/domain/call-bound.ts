import type { ProviderId } from '../../shared/models.ts';
import type { Amount } from './ledger.ts';
import type { ModelError, ModelUsage } from './model-messages.ts';
import { worstCostOf, type PricedTokens, type Tariff } from './price.ts';

/** Providers that answer a limit of the output with an error (llm-protocols.md §1.2, §2.1). */
const limitless: ReadonlySet<ProviderId> = new Set<ProviderId>(['openai-codex', 'chatgpt']);

/** The longest output of the models behind those, for where their catalog has no number. */
const unknownOutput = 128_000;

export interface OutputLimit {
  /** To be sent with the request; left out where the provider takes none. */
  send: number | undefined;
  /** The most tokens that can come back, reasoning included. */
  bound: number;
}

/** What the user's setting and the model's own limit (null: not known) come to with this provider. */
export function outputLimitOf(provider: ProviderId, modelLimit: number | null, setting: number): OutputLimit {
  if (limitless.has(provider)) return { send: undefined, bound: modelLimit ?? unknownOutput };
  const limit = Math.min(setting, modelLimit ?? setting);
  return { send: limit, bound: limit };
}

/** Null tariff: the price is not known. */
export const worstCaseOf = (tariff: Tariff | null, promptTokens: number, outputTokens: number): Amount => ({
  tokens: promptTokens + outputTokens,
  micros: tariff === null ? null : worstCostOf(tariff, promptTokens, outputTokens),
});

/** More than any call has; a number above it is a provider's mistake or malice, and must not break sums. */
const maxCount = 1_000_000_000;

/** Counts as a provider sent them, made whole and sane: parts are not more than what they are part of. */
export function soundUsage(usage: ModelUsage): ModelUsage {
  const promptTokens = count(usage.promptTokens);
  const completionTokens = count(usage.completionTokens);
  const cachedTokens = Math.min(count(usage.cachedTokens), promptTokens);
  return {
    promptTokens,
    completionTokens,
    cachedTokens,
    cacheWriteTokens: Math.min(count(usage.cacheWriteTokens ?? 0), promptTokens - cachedTokens),
    reasoningTokens: Math.min(count(usage.reasoningTokens), completionTokens),
    estimated: usage.estimated,
  };
}

const count = (value: number): number =>
  Number.isFinite(value) ? Math.min(maxCount, Math.max(0, Math.ceil(value))) : 0;

export const tokensOf = ({ promptTokens, completionTokens }: PricedTokens): number =>
  promptTokens + completionTokens;

/**
 * False where a failed attempt surely cost nothing: the provider refused it before any work, or was not reached at all.
 * True where nobody can know: it was cut off in the middle, or its end was never heard.
 */
export function mayHaveCost(failed: { error: ModelError; delivered: boolean }): boolean {
  if (failed.delivered) return true;
  switch (failed.error.kind) {
    case 'rate_limited':
    case 'quota_exhausted':
    case 'overloaded':
    case 'auth_expired':
    case 'auth_invalid':
    case 'not_entitled':
    case 'model_not_found':
    case 'context_too_long':
    case 'unsupported':
      return false;
    case 'network':
      return failed.error.reached !== false;
    case 'bad_response':
    case 'refused':
    case 'canceled':
      return true;
  }
}

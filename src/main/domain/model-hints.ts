/** What a model is good for, guessed where the provider does not say (compatibility.md §1). */
export interface ModelHint {
  usageHint: 'long-context' | 'reasoning' | 'fast' | 'balanced';
  /** Models are listed by it, lowest first. */
  priority: number;
}

export interface HintFacts {
  modelId: string;
  displayName: string;
  contextWindowTokens: number | null;
  /** 0 to 1; null where there is no quota. */
  quotaRemainingFraction: number | null;
}

const longContextTokens = 200_000;
const lowQuotaFraction = 0.1;
const lowQuotaPenalty = 20;

/** Whole words, so that "mini" is not found in "gemini" nor "pro" in "prompt"; "reason" stands for its derivatives. */
const reasoningWord = /^(reason.*|pro|ultra|o1|o3|thinking|deep|opus)$/;
const fastWord = /^(mini|flash|lite|nano|haiku|fast)$/;

export function hintOf(facts: HintFacts): ModelHint {
  const hint = hintByKind(facts);
  const low = facts.quotaRemainingFraction !== null && facts.quotaRemainingFraction <= lowQuotaFraction;
  return low ? { ...hint, priority: hint.priority + lowQuotaPenalty } : hint;
}

function hintByKind({ modelId, displayName, contextWindowTokens }: HintFacts): ModelHint {
  const words = `${modelId} ${displayName}`.toLowerCase().split(/[^a-z0-9]+/);
  if ((contextWindowTokens ?? 0) >= longContextTokens) return { usageHint: 'long-context', priority: 35 };
  if (words.some((word) => reasoningWord.test(word))) return { usageHint: 'reasoning', priority: 70 };
  if (words.some((word) => fastWord.test(word))) return { usageHint: 'fast', priority: 20 };
  return { usageHint: 'balanced', priority: 50 };
}

/** Order of the catalog: priority, provider, id; by code unit, so that it is the same in every language. */
export function compareModels(a: SortKey, b: SortKey): number {
  return (
    a.priority - b.priority || compareText(a.provider, b.provider) || compareText(a.model_id, b.model_id)
  );
}

interface SortKey {
  priority: number;
  provider: string;
  model_id: string;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Never succeeded and has an error, or the last success is older than twice the interval. Times in epoch ms. */
export function isStale(
  facts: { lastSuccessAtMs: number | null; lastError: string | null },
  nowMs: number,
  intervalMs: number,
): boolean {
  if (facts.lastSuccessAtMs === null) return facts.lastError !== null;
  return nowMs - facts.lastSuccessAtMs > 2 * intervalMs;
}

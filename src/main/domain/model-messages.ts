/** Provider-neutral shapes of a conversation with a model. */

export interface ModelToolCall {
  callId: string;
  name: string;
  /** Parsed JSON arguments; the raw text when it was not valid JSON. */
  input: unknown;
}

/** A picture for a model that takes them. */
export interface ModelImage {
  mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  base64: string;
}

/**
 * Opaque parts of an answer that its own provider must get back unchanged: encrypted reasoning (OpenAI), signed
 * thinking (Anthropic), thought signatures (Gemini). JSON. Stored only if the redactor leaves it as it is.
 */
export interface ModelReplay {
  /** Provider and model it belongs to: never sent to another. */
  provider: string;
  model: string;
  data: unknown;
}

export type ModelMessage =
  | { role: 'user'; text: string; images?: ModelImage[] }
  | {
      role: 'assistant';
      text: string;
      toolCalls: ModelToolCall[];
      /** What the provider of this answer wants to see again, verbatim; others ignore it. */
      replay?: ModelReplay;
    }
  | { role: 'tool'; callId: string; name: string; output: string };

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments, type object. */
  parameters: Record<string, unknown>;
}

/** Failures of a model call as data (llm-protocols.md; retry rules in retry.ts). `message` holds no secret. */
export type ModelError = {
  message: string;
} & (
  | { kind: 'rate_limited'; retryAfterMs: number | null }
  | { kind: 'quota_exhausted'; resetsAtMs: number | null }
  | { kind: 'overloaded'; retryAfterMs: number | null }
  /** `reached: false` where the request surely never arrived, so that it cannot have cost anything. */
  | { kind: 'network'; reached?: false }
  /** `disablesProvider`: calling on would put the account at risk, so the provider is to be turned off. */
  | { kind: 'not_entitled'; disablesProvider?: true }
  | {
      kind:
        | 'auth_expired'
        | 'auth_invalid'
        | 'model_not_found'
        | 'context_too_long'
        | 'unsupported'
        | 'bad_response'
        | 'refused'
        | 'canceled';
    }
);

export interface ModelUsage {
  /** Cached ones included. */
  promptTokens: number;
  /** Part of `promptTokens` read from the provider's cache. */
  cachedTokens: number;
  /** Part of `promptTokens` written to the provider's cache, where it asks more for that; left out where it does not say. */
  cacheWriteTokens?: number;
  /** Reasoning included. */
  completionTokens: number;
  /** Part of `completionTokens`. */
  reasoningTokens: number;
  /** True when the provider sent none and the numbers are ours. */
  estimated: boolean;
  /** What the provider says that the call has cost, in US dollars, where it does (OpenRouter). */
  costUsd?: number;
}

/** What a provider said of an account's quota; times are epoch milliseconds. */
export interface QuotaReading {
  plan: string | null;
  windows: { label: string; usedPercent: number; resetAtMs: number | null }[];
}

/** A stream ends in exactly one `done` or `error` and never throws. */
export type ModelEvent =
  | { type: 'text'; delta: string }
  | { type: 'reasoning'; delta: string }
  | { type: 'tool_call'; call: ModelToolCall }
  | {
      type: 'done';
      finishReason: 'stop' | 'length' | 'tool_calls' | 'other';
      usage: ModelUsage;
      replay?: ModelReplay;
      /** How much of the plan is used, where the answer's headers or events tell it. */
      quota?: QuotaReading;
    }
  | { type: 'error'; error: ModelError };

/** Provider-neutral shapes of a conversation with a model. */

export interface ModelToolCall {
  callId: string;
  name: string;
  /** Parsed JSON arguments; the raw text when it was not valid JSON. */
  input: unknown;
}

export type ModelMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: ModelToolCall[] }
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
  | {
      kind:
        | 'auth_expired'
        | 'auth_invalid'
        | 'not_entitled'
        | 'model_not_found'
        | 'context_too_long'
        | 'unsupported'
        | 'network'
        | 'timeout'
        | 'bad_response'
        | 'refused'
        | 'canceled';
    }
);

export interface ModelUsage {
  promptTokens: number;
  completionTokens: number;
  /** True when the provider sent none and the numbers are ours. */
  estimated: boolean;
}

/** A stream ends in exactly one `done` or `error` and never throws. */
export type ModelEvent =
  | { type: 'text'; delta: string }
  | { type: 'reasoning'; delta: string }
  | { type: 'tool_call'; call: ModelToolCall }
  | { type: 'done'; finishReason: 'stop' | 'length' | 'tool_calls' | 'other'; usage: ModelUsage }
  | { type: 'error'; error: ModelError };

import type { Result } from '../../../shared/errors.ts';
import type { ModelError, ModelEvent, ModelMessage, ToolSpec } from '../../domain/model-messages.ts';

export interface ModelRequest {
  /** `provider/model`, for example `ollama/llama3.1:8b`. */
  model: string;
  system: string;
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  /** Ask for an answer that matches this JSON Schema; the caller still validates. */
  responseSchema?: Record<string, unknown>;
  maxOutputTokens?: number;
  /** Context window to ask for, in tokens (Ollama's `num_ctx`). */
  contextTokens: number;
}

/** One provider, or the router over several. `stream` makes one attempt: retries are the caller's. */
export interface ModelPort {
  /** Never throws; ends in exactly one `done` or `error` event. Aborting ends it with `error` of kind `canceled`. */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** What a provider says of one of its models. */
export interface ListedModel {
  modelId: string;
  displayName: string;
  contextWindowTokens: number | null;
  maxOutputTokens: number | null;
  metadata: Record<string, unknown>;
}

export interface ModelLister {
  provider: string;
  list(signal: AbortSignal): Promise<Result<ListedModel[], ModelError>>;
}

import type { Result } from '../../../shared/errors.ts';
import type { Credential } from './credentials.ts';
import type { Price, ProviderId } from '../../../shared/models.ts';
import type {
  ModelError,
  ModelEvent,
  ModelMessage,
  QuotaReading,
  ToolSpec,
} from '../../domain/model-messages.ts';

export interface ModelRequest {
  /** `provider/model`, for example `ollama/llama3.1:8b`; a provider's adapter gets its own model id alone. */
  model: string;
  /** Account to call with; left out for a provider that needs none. */
  credential?: Credential;
  system: string;
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  /** Ask for an answer that matches this JSON Schema; the caller still validates. */
  responseSchema?: Record<string, unknown>;
  maxOutputTokens?: number;
  /** Context window to ask for, in tokens (Ollama's `num_ctx`). */
  contextTokens: number;
  /** How hard a reasoning model should think; adapters leave it out where the model takes none. */
  effort?: 'minimal' | 'low' | 'medium' | 'high';
  /** Names a conversation to the provider's prompt cache: the same for calls that share a beginning. At most 64 characters. */
  cacheKey?: string;
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
  /** `capabilities: {tools, vision, reasoning}` (booleans, where known) among what the provider says. */
  metadata: Record<string, unknown>;
  /** The provider's own price, where it tells one (US dollars a million tokens). */
  price?: Price;
  /** Of the account's quota on this model, 0 to 1, where the provider tells it. */
  quotaRemainingFraction?: number | null;
  quotaResetAtMs?: number | null;
}

/** What a lister is asked with. */
export interface ListRequest {
  credential?: Credential;
  /** ETag of the last list, where the provider had one. */
  etag?: string;
}

/** A list of models, or word that it has not changed since `etag`. */
export type ModelList =
  | { changed: true; models: ListedModel[]; etag: string | null; quota: QuotaReading | null }
  | { changed: false; quota: QuotaReading | null };

export interface ModelLister {
  provider: ProviderId;
  /** False for a provider that can be asked without an account. */
  needsAccount: boolean;
  list(request: ListRequest, signal: AbortSignal): Promise<Result<ModelList, ModelError>>;
}

/** How far a model is on its way; bytes are null until the server knows them. */
export interface PullProgress {
  status: string;
  completedBytes: number | null;
  totalBytes: number | null;
}

/** Models that a provider keeps on this machine. Neither call throws; an aborted one fails with `canceled`. */
export interface ModelLibrary {
  show(model: string, signal: AbortSignal): Promise<Result<Record<string, unknown>, ModelError>>;
  /** Ends when the model is here. A pull that was stopped goes on where it was when it is begun again. */
  pull(
    model: string,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<null, ModelError>>;
}

import type { ModelError } from '../../domain/model-messages.ts';
import { apiError, type ApiName } from './api-errors.ts';
import { readApiFailure, type ApiFailure } from './api-failure.ts';

/** A failure with all that is known of it, for providers whose errors mean something of their own. */
export interface ApiFailed {
  failure: ApiFailure;
  /** The body or event that it was read from. */
  json: unknown;
  /** Of the answer; none for an event. */
  headers?: { get(name: string): string | null };
  who: ApiName;
  nowMs: number;
}

/** Whose stream it is, and what must not get into messages. */
export interface StreamSource extends ApiName {
  secrets: readonly string[];
  /** In place of `apiError`. */
  errorOf?: ((failed: ApiFailed) => ModelError) | undefined;
}

/** The error of an event in the middle of a stream. */
export const streamFailure = (json: unknown, source: StreamSource): ModelError =>
  failureOf(source, { json, status: null });

/** The error of a body or an event. */
export function failureOf(
  source: StreamSource,
  from: Pick<ApiFailed, 'json' | 'headers'> & { status: number | null },
): ModelError {
  const nowMs = Date.now();
  const failure = readApiFailure({ ...from, secrets: source.secrets, nowMs });
  if (source.errorOf === undefined) return apiError(failure, source, nowMs);
  return source.errorOf({ ...from, failure, who: source, nowMs });
}

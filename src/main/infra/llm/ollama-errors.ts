import { z } from 'zod';
import type { ModelError } from '../../domain/model-messages.ts';
import type { HttpFailure } from './http-errors.ts';
import { oneLine } from './model-failure.ts';

export const ollamaAdvice = 'Start Ollama or change the address in Settings.';

/** Ollama sends `{"error": "…"}`; proxies in front of it send anything. */
const errorBodySchema = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** The server's words in a body: out of its JSON when it has any, empty for HTML. */
export function errorTextOf(body: string): string {
  if (/^\s*</.test(body)) return '';
  try {
    const parsed = errorBodySchema.safeParse(JSON.parse(body));
    if (!parsed.success) return oneLine(body);
    const { error } = parsed.data;
    return oneLine(typeof error === 'string' ? error : error.message);
  } catch {
    return oneLine(body);
  }
}

/** Texts of Ollama that mean more than the status they come with (also in an error line under 200). */
const meanings: readonly { pattern: RegExp; error: (message: string, model: string) => ModelError }[] = [
  {
    pattern: /does not support/i,
    error: (message, model) => ({
      kind: 'unsupported',
      message: `${model}: ${message}. Choose a model that can, for example one tagged "tools".`,
    }),
  },
  {
    pattern: /requires more system memory|out of memory/i,
    error: (message) => ({ kind: 'unsupported', message: `${message}. Choose a smaller model or context.` }),
  },
  {
    pattern:
      /exceed\w*.{0,40}context|context (length|size|window).{0,20}exceed|exceed_context|prompt (is )?too long/i,
    error: (message, model) => ({
      kind: 'context_too_long',
      message: `The conversation does not fit the context of ${model}: ${message}. Raise the context size in Settings.`,
    }),
  },
  {
    pattern: /model .*not found|pull (it|the model) first/i,
    error: (_message, model) => ({
      kind: 'model_not_found',
      message: `Ollama does not have the model ${model}. Run: ollama pull ${model}`,
    }),
  },
  {
    pattern: /server busy|maximum pending requests|loading model/i,
    error: (message) => ({ kind: 'overloaded', message: `Ollama is busy: ${message}.`, retryAfterMs: null }),
  },
];

const meaningOf = (message: string, model: string): ModelError | null =>
  meanings.find(({ pattern }) => pattern.test(message))?.error(message.replace(/\.$/, ''), model) ?? null;

/** An error line in the middle of a stream. */
export const streamError = (text: string, model: string): ModelError =>
  meaningOf(oneLine(text), model) ?? {
    kind: 'bad_response',
    message: `Ollama stopped with an error: ${oneLine(text)}`,
  };

/** An answer that is not 2xx. `server` is the address for messages. */
export function statusError(failure: HttpFailure, model: string, server: string): ModelError {
  const { status, retryAfterMs } = failure;
  const said = failure.message === '' ? `status ${status}` : failure.message;
  const meaning = meaningOf(failure.message, model);
  if (meaning !== null) return meaning.kind === 'overloaded' ? { ...meaning, retryAfterMs } : meaning;
  switch (status) {
    case 401:
      return { kind: 'auth_invalid', message: `Ollama at ${server} refuses the request: ${said}` };
    case 402:
      return { kind: 'quota_exhausted', message: `Ollama: ${said}`, resetsAtMs: null };
    case 403:
      return { kind: 'not_entitled', message: `Ollama at ${server} forbids the request: ${said}` };
    case 404:
      return {
        kind: 'bad_response',
        message: `${server} does not know Ollama's calls (${said}). ${ollamaAdvice}`,
      };
    case 408:
      return { kind: 'network', message: `Ollama did not finish in time: ${said}` };
    case 429:
      return { kind: 'rate_limited', message: `Ollama asks to slow down: ${said}`, retryAfterMs };
    default:
      return status >= 500
        ? { kind: 'overloaded', message: `Ollama failed (${status}): ${said}`, retryAfterMs }
        : { kind: 'bad_response', message: `Ollama refused the request (${status}): ${said}` };
  }
}

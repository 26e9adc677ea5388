import { parseBaseUrl } from '../../domain/base-url.ts';
import { networkError, retryAfterOf } from './http-errors.ts';
import type { HttpFetch, HttpResponse } from './http-fetch.ts';
import { ModelFailure } from './model-failure.ts';
import { errorTextOf, ollamaAdvice, statusError } from './ollama-errors.ts';

/** Longest error body read, in characters. */
const maxErrorLength = 64 * 1024;

export interface OllamaHttp {
  fetch: HttpFetch;
  /** As the user wrote it: may end in a slash, have a path, or `user:password@`. Read at each call. */
  baseUrl: () => string;
}

export interface OllamaCall {
  path: '/api/chat' | '/api/tags' | '/api/show' | '/api/pull';
  /** POST with this as JSON; GET without. */
  body?: unknown;
  /** For messages; empty where no model is meant. */
  model: string;
  signal: AbortSignal;
}

/** The 2xx answer. Throws ModelFailure for everything else; an abort comes out as the signal's reason or as one. */
export async function callOllama(http: OllamaHttp, call: OllamaCall): Promise<HttpResponse> {
  const { url, server, authorization } = addressOf(http.baseUrl(), call.path);
  const response = await http
    .fetch(url, {
      method: call.body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: call.signal,
    })
    .catch((thrown: unknown) => {
      throw new ModelFailure(networkError(thrown, `Ollama at ${server}`, ollamaAdvice));
    });
  if (!response.ok) {
    const message = errorTextOf((await response.text().catch(() => '')).slice(0, maxErrorLength));
    const retryAfterMs = retryAfterOf(response.headers, Date.now());
    throw new ModelFailure(
      statusError({ status: response.status, message, retryAfterMs }, call.model, server),
    );
  }
  if (response.headers.get('content-type')?.includes('text/html') ?? false) {
    await response.text().catch(() => '');
    throw new ModelFailure({
      kind: 'bad_response',
      message: `${server} answered with a web page; that is not Ollama. ${ollamaAdvice}`,
    });
  }
  return response;
}

/** `server` is safe for messages: no credentials in it. */
function addressOf(baseUrl: string, path: string) {
  const base = parseBaseUrl(baseUrl);
  if (base === null)
    throw new ModelFailure({
      kind: 'network',
      message: `The address of Ollama is not a URL. ${ollamaAdvice}`,
    });
  const authorization: Record<string, string> =
    base.authorization === null ? {} : { authorization: base.authorization };
  return { url: base.url + path, server: base.url, authorization };
}

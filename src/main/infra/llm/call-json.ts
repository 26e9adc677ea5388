import type { z } from 'zod';
import { callApi, textOf, type ApiServer } from './api-http.ts';
import { jsonOfBody } from './api-failure.ts';
import { hideSecrets } from './hide-secrets.ts';
import { ModelFailure, oneLine } from './model-failure.ts';

/** Longest body read, in bytes: a list of 10,000 models is a tenth of it. */
const maxBodyLength = 64 * 1024 * 1024;

export interface JsonCall<T extends z.ZodType> {
  url: string;
  headers: Record<string, string>;
  /** POST with this as JSON; GET without. */
  body?: unknown;
  /** The answer; what does not match is a failure. */
  schema: T;
  signal: AbortSignal;
}

/** `value` is null when the server says that nothing has changed since the ETag asked with. */
export interface JsonAnswer<T> {
  value: T | null;
  etag: string | null;
}

/** One call for JSON. Throws ModelFailure for everything that is no 2xx with the right shape, or 304. */
export async function callJson<T extends z.ZodType>(
  server: ApiServer,
  call: JsonCall<T>,
): Promise<JsonAnswer<z.infer<T>>> {
  const response = await callApi(server, call.url, {
    method: call.body === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal: call.signal,
  });
  const etag = response.headers.get('etag');
  const text = await textOf(response, maxBodyLength);
  if (response.status === 304) return { value: null, etag };
  const parsed = call.schema.safeParse(text === null ? null : jsonOfBody(text));
  if (parsed.success) return { value: parsed.data, etag };
  const shown = oneLine(hideSecrets(text ?? '', server.secrets), 80) || 'nothing';
  const message = `${server.name} answered with something else: ${shown}`;
  throw new ModelFailure({ kind: 'bad_response', message });
}

import { jsonOfBody } from './api-failure.ts';
import { networkError } from './http-errors.ts';
import type { HttpFetch, HttpInit, HttpResponse } from './http-fetch.ts';
import { ModelFailure } from './model-failure.ts';
import { failureOf, type StreamSource } from './stream-failure.ts';

/** Longest error body read, in bytes. */
const maxErrorLength = 64 * 1024;

/** A server that is called. */
export interface ApiServer extends StreamSource {
  http: HttpFetch;
  /** For messages: no credentials in it. */
  address: string;
}

/** The 2xx or 304 answer. Throws ModelFailure for everything else; an abort comes out as the signal's reason or as one. */
export async function callApi(server: ApiServer, url: string, init: HttpInit): Promise<HttpResponse> {
  const response = await server.http(url, init).catch((thrown: unknown) => {
    const what = `${server.name} at ${server.address}`;
    throw new ModelFailure(networkError(thrown, what, 'Check the network and the address of the account.'));
  });
  if (!response.ok && response.status !== 304) throw await refusalOf(server, response);
  if (response.headers.get('content-type')?.includes('text/html') ?? false) {
    await textOf(response, maxErrorLength);
    const message = `${server.address} answered with a web page; that is not ${server.name}. Check the address of the account.`;
    throw new ModelFailure({ kind: 'bad_response', message });
  }
  return response;
}

/** What a body that is no answer says of the reason. */
export async function refusalOf(server: ApiServer, response: HttpResponse): Promise<ModelFailure> {
  const json = jsonOfBody((await textOf(response, maxErrorLength)) ?? '');
  const { status, headers } = response;
  return new ModelFailure(failureOf(server, { json, status, headers }));
}

/** The body as text, or null when it is longer; what a broken connection leaves of it. */
export async function textOf(response: HttpResponse, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > maxBytes) return null;
      chunks.push(chunk);
    }
  } catch {
    // What has come is judged like any other body.
  }
  return Buffer.concat(chunks).toString('utf8');
}

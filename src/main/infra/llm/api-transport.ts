import { callApi, refusalOf, type ApiServer } from './api-http.ts';
import type { HttpResponse } from './http-fetch.ts';
import type { ModelFailure } from './model-failure.ts';
import { createEventStream } from './event-stream.ts';
import { framesOf } from './stream-frames.ts';
import { isObject, type JsonObject, type StreamReader } from './stream-reader.ts';
import { webResponseOf } from './web-fetch.ts';

export interface TransportOptions {
  server: ApiServer;
  signal: AbortSignal;
  /** Sent with each request, over those of the SDK. */
  headers?: Record<string, string>;
  /** One for each answer. */
  reader: () => StreamReader;
  frameMs: number;
  /** The request as it is sent, where the SDK cannot be told so. May change what it gets. */
  adjust?: (body: JsonObject) => void;
  onSignOfLife: () => void;
  onAnswer?: (response: HttpResponse) => void;
}

/** What the SDK calls in place of `fetch`, and what it need not know of the answer. */
export interface ApiTransport {
  fetch: typeof globalThis.fetch;
  /** What is wrong with the stream, once it has ended. */
  failure(): ModelFailure | null;
  /** A request was made: what fails from then on is not the conversation's fault. */
  used(): boolean;
}

/**
 * Our HTTP under the SDK: errors become data before the SDK guesses at them, streams are read and joined by
 * `stream-frames.ts`, and the connection closes when the signal says so.
 */
export function createApiTransport(options: TransportOptions): ApiTransport {
  let failure: ModelFailure | null = null;
  let used = false;
  return {
    async fetch(input, init = {}) {
      used = true;
      const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
      const response = await callApi(options.server, url, {
        method: init.method ?? 'GET',
        headers: { ...Object.fromEntries(new Headers(init.headers)), ...options.headers },
        ...(typeof init.body === 'string' ? { body: adjusted(init.body, options.adjust) } : {}),
        signal: options.signal,
      });
      // An error under 200: no stream begins with a JSON body.
      if (response.headers.get('content-type')?.includes('application/json') ?? false)
        throw await refusalOf(options.server, response);
      options.onAnswer?.(response);
      const frames = framesOf(response.body ?? nothing(), {
        text: createEventStream(),
        reader: options.reader(),
        name: options.server.name,
        frameMs: options.frameMs,
        onSignOfLife: options.onSignOfLife,
        onFailure: (wrong) => (failure = wrong),
      });
      return webResponseOf(response, asEventStream(frames));
    },
    failure: () => failure,
    used: () => used,
  };
}

/** Written anew, since pieces were joined. */
async function* asEventStream(frames: AsyncIterable<JsonObject[]>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const events of frames)
    yield encoder.encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function adjusted(body: string, adjust: TransportOptions['adjust']): string {
  if (adjust === undefined) return body;
  const json: unknown = JSON.parse(body);
  if (isObject(json)) adjust(json);
  return JSON.stringify(json);
}

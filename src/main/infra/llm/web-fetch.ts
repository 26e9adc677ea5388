import type { HttpFetch, HttpResponse } from './http-fetch.ts';

/** `fetch` as SDKs and the OpenID client take it, over ours: one place knows of proxies, redirects and time limits. */
export function webFetchOf(http: HttpFetch): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const headers = new Headers(init.headers);
    const { body } = init;
    if (body instanceof URLSearchParams && !headers.has('content-type'))
      headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
    const response = await http(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(headers),
      ...(body == null ? {} : { body: textOf(body) }),
      signal: init.signal ?? new AbortController().signal,
    });
    return webResponseOf(response, response.body);
  };
}

/** An answer with another body; headers that spoke of the old one's length or packing are left out. */
export function webResponseOf(response: HttpResponse, body: AsyncIterable<Uint8Array> | null): Response {
  const headers = [...response.headers.entries()].filter(
    ([name]) => name !== 'content-length' && name !== 'content-encoding',
  );
  const bodiless = body === null || [101, 204, 205, 304].includes(response.status);
  return new Response(bodiless ? null : streamOf(body), { status: response.status, headers });
}

/** Pulls, so that a slow reader slows the server; a reader that stops closes the connection. */
function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await bytes.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    async cancel() {
      await bytes.return?.();
    },
  });
}

function textOf(body: BodyInit): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only text and forms are sent');
}

import { Agent, fetch as undiciFetch } from 'undici';

/** The little of `fetch` that adapters use, so that tests and other runtimes can give their own. */
export type HttpFetch = (url: string, init: HttpInit) => Promise<HttpResponse>;

export interface HttpInit {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

export interface HttpResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/**
 * `fetch` without time limits of its own: how long a model may be silent is the caller's rule, and a large model
 * takes longer to load than undici's default of 300 s allows.
 */
export function createHttpFetch(): HttpFetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return (url, init) => undiciFetch(url, { ...init, dispatcher });
}

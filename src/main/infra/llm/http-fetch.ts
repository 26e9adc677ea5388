import type { LookupFunction } from 'node:net';
import { Agent, EnvHttpProxyAgent, fetch as undiciFetch, type Dispatcher } from 'undici';
import { isLoopbackHost } from '../../domain/base-url.ts';
import { viaProxy } from './proxy-failure.ts';

/** The little of `fetch` that adapters use, so that tests and other runtimes can give their own. */
export type HttpFetch = (url: string, init: HttpInit) => Promise<HttpResponse>;

export interface HttpInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

export interface HttpResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null; entries(): Iterable<[string, string]> };
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** Proxies as the environment names them; empty for none. */
export interface HttpProxies {
  httpProxy: string;
  httpsProxy: string;
  /** Hosts that are called directly: names (with all below them), `name:port`, `*`; separated by commas. */
  noProxy: string;
}

export interface HttpFetchOptions {
  proxies?: HttpProxies;
  /** How names become addresses; default: the system's. */
  lookup?: LookupFunction;
}

/**
 * `fetch` for all that the app calls. It has no time limits of its own: how long a model may be silent is the caller's
 * rule, and a large model takes longer to load than undici's default of 300 s allows. It goes through the proxies of
 * the environment, but to this machine always directly: a proxy elsewhere would look for `127.0.0.1` at its own place.
 * It follows no redirects, which could carry a key in a header to another host.
 */
export function createHttpFetch(options: HttpFetchOptions = {}): HttpFetch {
  const { proxies, lookup } = options;
  const limits = {
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(lookup === undefined ? {} : { connect: { lookup } }),
  };
  const direct = new Agent(limits);
  // Given whole, so that undici does not look into the environment by itself.
  const proxied: Dispatcher | null =
    proxies !== undefined && proxies.httpProxy + proxies.httpsProxy !== ''
      ? new EnvHttpProxyAgent({ ...limits, ...proxies })
      : null;
  return async (url, init) => {
    const dispatcher = proxied === null || isLoopbackHost(new URL(url).hostname) ? direct : proxied;
    try {
      return await undiciFetch(url, { ...init, redirect: 'manual', dispatcher });
    } catch (thrown) {
      throw dispatcher === direct ? thrown : viaProxy(thrown);
    }
  };
}

import type { CallLimits, OAuthFailure } from '../../app/ports/oauth.ts';

/** `fetch` as the platform has it; the app's own, which knows of proxies and follows no redirects. */
export type WebFetch = typeof globalThis.fetch;

export interface OAuthAnswer {
  status: number;
  /** Parsed JSON; null when it was none. */
  json: unknown;
  /** The server's clock minus ours, in ms; 0 where it does not tell, or agrees to a minute. */
  skewMs: number;
}

export type OAuthHttp = ReturnType<typeof createOAuthHttp>;

/** Longest answer read, in characters; a token endpoint says little. */
const longestAnswer = 1_000_000;
/** Smaller differences are the network's, not the clock's. */
const smallestSkewMs = 60_000;

/** Requests of sign-in. Null stands for a server that cannot be reached or did not answer in time; nothing is thrown. */
export function createOAuthHttp(fetch: WebFetch, now: () => number) {
  const send = async (
    url: string,
    init: RequestInit,
    { signal, requestMs }: CallLimits,
  ): Promise<OAuthAnswer | null> => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
      const response = await fetch(url, { ...init, signal: limit });
      const text = (await response.text()).slice(0, longestAnswer);
      return { status: response.status, json: parsed(text), skewMs: skewOf(response.headers, now()) };
    } catch {
      return null;
    }
  };
  const accept = { accept: 'application/json' };
  return {
    postForm: (url: string, form: Record<string, string>, limits: CallLimits) =>
      send(
        url,
        {
          method: 'POST',
          headers: { ...accept, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(form).toString(),
        },
        limits,
      ),
    postJson: (
      url: string,
      body: Record<string, unknown>,
      limits: CallLimits,
      headers: Record<string, string> = {},
    ) =>
      send(
        url,
        {
          method: 'POST',
          headers: { ...accept, ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        limits,
      ),
    get: (url: string, limits: CallLimits, headers: Record<string, string>) =>
      send(url, { method: 'GET', headers: { ...accept, ...headers } }, limits),
  };
}

export const unreachable = (url: string): OAuthFailure => ({
  kind: 'transient',
  message: `${new URL(url).host} cannot be reached or did not answer in time: check the network and try again`,
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function skewOf(headers: Headers, nowMs: number): number {
  const dateMs = Date.parse(headers.get('date') ?? '');
  const skewMs = dateMs - nowMs;
  return Number.isNaN(dateMs) || Math.abs(skewMs) < smallestSkewMs ? 0 : skewMs;
}

/** What a client over HTTP has of the world. */
export interface HttpEdge {
  /** Origin of the server, without a slash at the end. */
  origin: string;
  /** Bearer token, null where the server asks for none. */
  token: string | null;
  fetch: typeof fetch;
  /** Between two tries to reach the feed; ends early when there is reason to hope. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` };

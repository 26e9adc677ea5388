import type { ModelError } from '../../domain/model-messages.ts';
import { oneLine } from './model-failure.ts';
import { proxyReason } from './proxy-failure.ts';

/** What is known of an answer that is not 2xx. */
export interface HttpFailure {
  status: number;
  /** The server's own words, already out of its JSON. */
  message: string;
  retryAfterMs: number | null;
}

/** Milliseconds of `retry-after-ms` or `retry-after` (seconds or an HTTP date); null when absent or unreadable. */
export function retryAfterOf(headers: { get(name: string): string | null }, nowMs: number): number | null {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers.get('retry-after');
  if (value === null || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : null;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Codes of sockets and of undici, each with what a person can do about it. */
const networkAdvice: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up right now',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

/** Codes of connections that never came about: no byte of the request has left. */
const neverReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** An error that `fetch` or the reading of its body threw. `what` names the server, for example `Ollama at http://…`. */
export function networkError(thrown: unknown, what: string, advice: string): ModelError {
  const code = codeIn(thrown);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return { kind: 'network', message: `${what} did not answer in time.` };
  const known = code === null ? undefined : networkAdvice[code];
  const reason = known ?? code ?? (thrown instanceof Error ? oneLine(thrown.message) : 'unknown reason');
  return {
    kind: 'network',
    ...(code !== null && neverReached.has(code) ? { reached: false } : {}),
    message: `Cannot reach ${what}: ${proxyReason(thrown, reason) ?? reason}. ${advice}`,
  };
}

function codeIn(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 5) return null;
  // A refused connection to a name with several addresses is an AggregateError of the attempts.
  if (error instanceof AggregateError && error.errors.length > 0) return codeIn(error.errors[0], depth + 1);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? codeIn(error.cause, depth + 1);
}

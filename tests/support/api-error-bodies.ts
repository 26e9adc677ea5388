import { apiError } from '../../src/main/infra/llm/api-errors.ts';
import { jsonOfBody, readApiFailure } from '../../src/main/infra/llm/api-failure.ts';

/** The day of all tests of errors. */
export const nowMs = Date.UTC(2026, 10, 22);
/** For messages. */
const who = { name: 'Test', model: 'm' };

/** What a status (null: in a stream) and a body come to. */
export function errorOf(
  status: number | null,
  body: unknown,
  headers: Record<string, string> = {},
  secrets: string[] = [],
) {
  const json = typeof body === 'string' ? jsonOfBody(body) : body;
  const failure = readApiFailure({ json, status, headers: new Headers(headers), secrets, nowMs });
  return apiError(failure, who, nowMs);
}

/** Bodies as the providers write them. */
export const openAI = (type: string, code: string | null, message: string) => ({
  error: { message, type, param: null, code },
});
export const anthropic = (type: string, message: string) => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_1',
});
export const google = (code: number, status: string, message: string, ...details: object[]) => ({
  error: { code, status, message, details },
});
/** Details of Google's. */
export const reason = (text: string) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: text,
});
export const retryIn = (retryDelay: string) => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay,
});
export const quota = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
});

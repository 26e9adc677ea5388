import type { FastifyInstance } from 'fastify';
import { err, type AppError, type Result } from '../../../shared/errors.ts';

/** Carries an expected failure through fastify's parser hook, which only knows errors. */
export class JsonBodyError extends Error {
  readonly appError: AppError;
  constructor(appError: AppError) {
    super(appError.message);
    this.appError = appError;
  }
}

const invalid = (msg: string): Result<never> =>
  err<AppError>({
    code: 'invalid_input',
    message: msg,
    fields: [{ loc: ['body'], msg, type: 'json_invalid' }],
  });

/**
 * Bytes to a value, strictly UTF-8 and one JSON document. An empty body is an empty object, as clients send
 * `Content-Type` with nothing behind it. `__proto__` stays an own key, which the schemas then drop.
 */
export function parseJsonBody(bytes: Uint8Array): Result<unknown> {
  if (bytes.byteLength === 0) return { ok: true, value: {} };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return invalid('The body is not UTF-8');
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return invalid('The body is not valid JSON');
  }
}

/** Replaces fastify's JSON parser, so that a body that does not parse is a 422 like any other bad field. */
export function useStrictJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    const parsed = parseJsonBody(typeof body === 'string' ? Buffer.from(body) : body);
    if (parsed.ok) done(null, parsed.value);
    else done(new JsonBodyError(parsed.error));
  });
}

import type { FastifyError, FastifyReply } from 'fastify';
import { httpStatusOf, type AppError } from '../../../shared/errors.ts';
import { errorHeaders } from './error-headers.ts';

/** An expected failure as the wire has it: `{"detail": text}`, or the list of fields. */
export function sendAppError(reply: FastifyReply, error: AppError): FastifyReply {
  reply.header(errorHeaders.code, error.code);
  if (error.correlation_id !== undefined) reply.header(errorHeaders.correlation, error.correlation_id);
  return reply
    .code(httpStatusOf[error.code])
    .type('application/json; charset=utf-8')
    .send({ detail: error.fields?.length ? error.fields : error.message });
}

export function sendDetail(reply: FastifyReply, status: number, detail: unknown): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send({ detail });
}

const known: Record<string, { status: number; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, detail: 'The body is larger than 1 MiB' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, detail: 'Send JSON, with "Content-Type: application/json"' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, detail: 'Content-Length does not match the body' },
  FST_ERR_BAD_URL: { status: 400, detail: 'The path is not valid' },
};

/** What fastify itself refuses, by its code; null for defects. */
export function frameworkRefusal(error: Partial<FastifyError>): { status: number; detail: string } | null {
  const refusal = known[error.code ?? ''];
  if (refusal) return refusal;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? { status, detail: error.message ?? 'Bad request' } : null;
}

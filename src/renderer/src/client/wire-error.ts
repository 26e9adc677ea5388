import { z } from 'zod';
import { type AppError, type ErrorCode, errorCodeSchema, fieldErrorSchema } from '../../../shared/errors.ts';

const codeOfStatus: Record<number, ErrorCode> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'invalid_input',
  422: 'invalid_input',
  429: 'limit_exceeded',
  503: 'unavailable',
};

const detailSchema = z.object({ detail: z.union([z.string(), z.array(fieldErrorSchema)]) });

/** Where the server puts what the body of compatibility.md §1 has no room for. */
const codeHeader = 'dev-crew-error';
const correlationHeader = 'dev-crew-correlation-id';

/** The failure that an answer tells of; an answer that is not ours (a proxy's page) keeps the code of its status. */
export function toAppError(status: number, headers: Headers, body: unknown): AppError {
  const named = errorCodeSchema.safeParse(headers.get(codeHeader));
  const code = named.success ? named.data : (codeOfStatus[status] ?? 'internal');
  const correlation_id = headers.get(correlationHeader) ?? undefined;
  const parsed = detailSchema.safeParse(body);
  if (!parsed.success) return { code, message: '', correlation_id };
  const { detail } = parsed.data;
  if (typeof detail === 'string') return { code, message: detail, correlation_id };
  return { code, message: detail.map((field) => field.msg).join('. '), fields: detail, correlation_id };
}

/** Nothing answered. The page words it in its own language, so the message stays empty. */
export const unreachable: AppError = { code: 'unavailable', message: '' };

/** Something answered in a form that this version of the pages does not know. */
export const unreadable: AppError = { code: 'internal', message: '' };

import { z } from 'zod';

/** Closed set of expected failures (design.md §6). Anything else is a defect and surfaces as `internal`. */
export const errorCodes = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'invalid_state',
  'limit_exceeded',
  'unavailable',
  'internal',
] as const;
export const errorCodeSchema = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** One field that did not validate; the wire shape of a 422 (compatibility.md §1). */
export const fieldErrorSchema = z.object({
  loc: z.array(z.union([z.string(), z.number()])),
  msg: z.string(),
  type: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/**
 * An expected failure as data. `message` is one line for a person and says what to do next; it never holds a
 * secret or a stack. `correlation_id` is set for `internal` only and finds the stack in the log.
 */
export const appErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  fields: z.array(fieldErrorSchema).optional(),
  correlation_id: z.string().optional(),
});
export type AppError = z.infer<typeof appErrorSchema>;

/** HTTP status of each code (design.md §6). */
export const httpStatusOf: Record<ErrorCode, number> = {
  invalid_input: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  invalid_state: 409,
  limit_exceeded: 429,
  unavailable: 503,
  internal: 500,
};

export type Ok<T> = { ok: true; value: T };
export type Err<E = AppError> = { ok: false; error: E };
/** A result of something that can fail in expected ways. Functions that return it must not throw for them. */
export type Result<T, E = AppError> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });
export const fail = (code: ErrorCode, message: string): Err => err({ code, message });

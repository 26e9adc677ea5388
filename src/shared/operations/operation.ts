import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

export interface HttpRoute {
  method: 'GET' | 'POST' | 'PUT';
  /** With `{name}` parameters, filled from the input's fields of the same name. */
  path: string;
  /** Header name → input field. */
  headers?: Record<string, string>;
  /** Input fields that a POST or PUT takes from the query, as the Python service did; the body may have them too. */
  query?: readonly string[];
}

/**
 * One operation, declared once: IPC, REST, OpenAPI, the client type and the command line are derived from it.
 * Over HTTP the input is gathered from path parameters, the headers named, and the query (GET) or the JSON body.
 */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  summary: string;
  input: I;
  output: O;
  /** Expected failures beside `invalid_input`, `unauthenticated`, `forbidden` and `internal`, which any call can have. */
  errors: readonly ErrorCode[];
  http: HttpRoute;
}

/** Keeps the exact schema types of an operation. */
export const op = <I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>): Operation<I, O> =>
  operation;

export const none = z.object({});
/** A boolean that may come from a query string. */
export const queryBoolean = z.union([z.boolean(), z.stringbool()]);
export const page = { limit: z.coerce.number().int().min(1).max(1000).default(100) };

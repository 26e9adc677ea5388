import type { z } from 'zod';
import type { FieldError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/operations.ts';

type Issue = z.core.$ZodIssue;
type Place = 'path' | 'query' | 'header' | 'body';

/** Where a field of an operation's input travels over HTTP. */
export function placeOf(operation: Operation, field: string): Place {
  const { method, path, headers, query } = operation.http;
  if (path.includes(`{${field}}`)) return 'path';
  if (Object.values(headers ?? {}).includes(field)) return 'header';
  return method === 'GET' || query?.includes(field) ? 'query' : 'body';
}

/**
 * Zod's issues in the shape of compatibility.md §1. `loc` starts with where the field travels over HTTP on every
 * edge, so that one mistake reads the same in the window, in a script and in a terminal. Values are never echoed.
 */
export function fieldErrors(operation: Operation, input: unknown, issues: readonly Issue[]): FieldError[] {
  return issues.map((issue) => {
    const [field, ...rest] = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    const missing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
    const place =
      field === undefined
        ? [operation.http.method === 'GET' ? 'query' : 'body']
        : [placeOf(operation, String(field)), field, ...rest];
    return {
      loc: place,
      msg: missing ? 'Field required' : issue.message,
      type: missing ? 'missing' : typeOf(issue),
    };
  });
}

/** One line out of the fields, for a person. */
export const fieldsMessage = (fields: readonly FieldError[]): string =>
  fields.map(({ loc, msg }) => (loc.length > 1 ? `${loc.slice(1).join('.')}: ${msg}` : msg)).join('; ') ||
  'The input is not valid';

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return value;
}

/** Error types as the Python service named them, where it had one. */
function typeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'object' ? 'dict_type' : `${issue.expected}_type`;
    case 'too_small':
      return issue.origin === 'string' ? 'string_too_short' : 'greater_than_equal';
    case 'too_big':
      return issue.origin === 'string' ? 'string_too_long' : 'less_than_equal';
    case 'invalid_format':
      return issue.format === 'regex' ? 'string_pattern_mismatch' : `${issue.format}_format`;
    case 'invalid_value':
      return 'enum';
    case 'unrecognized_keys':
      return 'extra_forbidden';
    case 'custom':
      return 'value_error';
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return issue.code;
  }
}

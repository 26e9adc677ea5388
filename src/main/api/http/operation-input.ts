import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRoute } from '../../../shared/operations.ts';

/** The parts of a request as fastify has parsed them. */
export interface RequestParts {
  params: unknown;
  query: unknown;
  body: unknown;
  headers: IncomingHttpHeaders;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/**
 * The input of an operation out of a request: what the path and the headers name comes from nowhere else. Empty
 * query values count as absent, as scripts write `?provider=&force_refresh=`. A body that is no object is returned as
 * it is, for the schema to refuse.
 */
export function operationInput(route: HttpRoute, { params, query, body, headers }: RequestParts): unknown {
  const rest = route.method === 'GET' ? withoutEmpty(record(query)) : (body ?? {});
  if (typeof rest !== 'object' || Array.isArray(rest)) return rest;
  const headerFields = Object.values(route.headers ?? {});
  const input = Object.fromEntries(Object.entries(rest).filter(([field]) => !headerFields.includes(field)));
  for (const [header, field] of Object.entries(route.headers ?? {}))
    if (headers[header] !== undefined) input[field] = headers[header];
  const asked = withoutEmpty(record(query));
  for (const field of route.query ?? []) if (asked[field] !== undefined) input[field] = asked[field];
  return { ...input, ...record(params) };
}

const withoutEmpty = (query: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

/** `/jobs/{job_id}/plan` as the router writes it. */
export const routerPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

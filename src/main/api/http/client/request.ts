import type { HttpRoute } from '../../../../shared/operations.ts';

export interface HttpRequest {
  method: HttpRoute['method'];
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The request of an operation: the mirror image of `operationInput`. */
export function operationRequest(route: HttpRoute, input: Readonly<Record<string, unknown>>): HttpRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (field: string): unknown => {
    const value = rest.get(field);
    rest.delete(field);
    return value;
  };
  const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) =>
    encodeURIComponent(asText(take(field) ?? '')),
  );
  const headers: Record<string, string> = {};
  for (const [header, field] of Object.entries(route.headers ?? {}))
    if (rest.has(field)) headers[header] = asText(take(field));
  const queried =
    route.method === 'GET' ? [...rest.keys()] : (route.query ?? []).filter((field) => rest.has(field));
  const query = new URLSearchParams(queried.map((field) => [field, asText(take(field))]));
  const address = query.size > 0 ? `${path}?${query}` : path;
  if (route.method === 'GET') return { method: route.method, path: address, headers, body: undefined };
  return {
    method: route.method,
    path: address,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(rest)),
  };
}

import type { HttpRoute } from '../../../shared/operations.ts';

export interface WireRequest {
  method: string;
  /** Path and query, relative to the server. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/**
 * The HTTP request of an operation: fields of the input go where its route says (path, headers), the others to the
 * query of a GET or the JSON body of everything else.
 */
export function toWireRequest(route: HttpRoute, input: Record<string, unknown>): WireRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest.get(name));
    rest.delete(name);
    return encodeURIComponent(value);
  });
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [header, field] of Object.entries(route.headers ?? {})) {
    if (rest.has(field)) headers[header] = String(rest.get(field));
    rest.delete(field);
  }
  if (route.method === 'GET') {
    const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString();
    return { method: 'GET', path: query ? `${path}?${query}` : path, headers, body: null };
  }
  headers['content-type'] = 'application/json';
  return { method: route.method, path, headers, body: JSON.stringify(Object.fromEntries(rest)) };
}

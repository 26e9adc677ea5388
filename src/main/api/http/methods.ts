import { operationNames, operations } from '../../../shared/operations.ts';

const routes = [
  ...operationNames.map((name) => operations[name].http),
  { method: 'GET', path: '/jobs/{job_id}/events' },
  { method: 'GET', path: '/events' },
].map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }));

/** Methods that a path answers to, for telling a wrong method from a wrong path; none for a path of no operation. */
export function allowedMethods(url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}

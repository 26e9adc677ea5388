import { useSyncExternalStore } from 'react';
import { type Scope, scopes } from '../stores/jobs.ts';

export const jobTabs = ['timeline', 'plan', 'changes', 'report', 'escalations'] as const;
export type JobTab = (typeof jobTabs)[number];

/** Pages whose address is their name alone. */
const plainPages = ['new', 'inbox', 'usage', 'models', 'accounts', 'settings'] as const;

export type Route =
  | { page: 'jobs'; scope: Scope }
  | { page: 'job'; jobId: string; tab: JobTab | null }
  | { page: 'new' }
  | { page: 'inbox' }
  | { page: 'usage' }
  | { page: 'models' }
  | { page: 'accounts' }
  | { page: 'settings' }
  | { page: 'unknown' };

const isOneOf = <T extends string>(values: readonly T[], value: string | undefined): value is T =>
  values.includes(value as T);

export function parseRoute(hash: string): Route {
  const [first = '', second, third, ...rest] = hash.replace(/^#\/?/, '').split('/');
  if (rest.length > 0) return { page: 'unknown' };
  if (first === 'jobs' && second) {
    const jobId = decode(second);
    if (!jobId || (third !== undefined && !isOneOf(jobTabs, third))) return { page: 'unknown' };
    return { page: 'job', jobId, tab: third ?? null };
  }
  if (third !== undefined) return { page: 'unknown' };
  if (first === '' || first === 'jobs') return { page: 'jobs', scope: 'all' };
  if (first === 'list' && isOneOf(scopes, second)) return { page: 'jobs', scope: second };
  if (second !== undefined) return { page: 'unknown' };
  if (isOneOf(plainPages, first)) return { page: first };
  return { page: 'unknown' };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const toHash = {
  jobs: (scope: Scope = 'all'): string => (scope === 'all' ? '#/jobs' : `#/list/${scope}`),
  job: (jobId: string, tab?: JobTab): string => `#/jobs/${encodeURIComponent(jobId)}${tab ? `/${tab}` : ''}`,
  newJob: '#/new',
  inbox: '#/inbox',
  usage: '#/usage',
  models: '#/models',
  accounts: '#/accounts',
  settings: '#/settings',
};

export const navigate = (hash: string): void => {
  window.location.hash = hash;
};
/** Without a new entry in the history: for tabs of one page. */
export const navigateInPlace = (hash: string): void => {
  window.history.replaceState(null, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
};

const subscribe = (onChange: () => void): (() => void) => {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
};
export const useHash = (): string => useSyncExternalStore(subscribe, () => window.location.hash);

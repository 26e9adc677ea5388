import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import { type AppError, type Result, ok } from '../../../shared/errors.ts';
import { type JobEvent, type JobState, type JobSummary, isTerminal, jobStates } from '../../../shared/job.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import { applyEvent } from '../lib/apply-event.ts';
import { coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';

export const scopes = ['all', 'needs_you', 'active', 'completed', 'failed', 'canceled'] as const;
export type Scope = (typeof scopes)[number];

export interface JobsState {
  scope: Scope;
  byId: Readonly<Record<string, JobSummary>>;
  /** Newest first. */
  ids: readonly string[];
  next: string | null;
  /** Of all jobs, whatever the scope. */
  total: number | null;
  loading: boolean;
  loadingMore: boolean;
  error: AppError | null;
}

type Page = Pick<OutputOf<'jobs.list'>, 'jobs' | 'next' | 'total'>;
const pageSize = 100;
/** Asked for when jobs are new: a whole page of what is known already takes the page longer to read than to show. */
const newestSize = 20;

const belongs: Record<Scope, (job: Pick<JobSummary, 'state' | 'waiting_for'>) => boolean> = {
  all: () => true,
  needs_you: (job) => job.waiting_for !== null,
  active: (job) => !isTerminal(job.state),
  completed: (job) => job.state === 'completed',
  failed: (job) => job.state === 'failed',
  canceled: (job) => job.state === 'canceled',
};

/** The job list: one scope at a time, paged, kept up to date by the feed. */
export function createJobs(client: CrewClient, feed: Feed) {
  const store = createStore<JobsState>(() => ({
    scope: 'all',
    byId: {},
    ids: [],
    next: null,
    total: null,
    loading: true,
    loadingMore: false,
    error: null,
  }));
  const { getState: get, setState: set } = store;

  /** Puts a page in front of what is known, without losing the pages loaded below it. */
  const mergeFirst = (page: Page): void => {
    const { byId, ids, next } = get();
    const fresh = page.jobs.map((job) => job.job_id);
    const below = isJoined(page, ids) && page.next !== null ? ids.slice(indexAfter(ids, fresh)) : [];
    set({
      byId: merged(byId, page.jobs),
      ids: [...fresh, ...below],
      next: below.length > 0 ? next : page.next,
      total: page.total,
      error: null,
    });
  };

  let wantsPage = true;
  const update = coalesce(async () => {
    const { scope } = get();
    const limit = wantsPage ? pageSize : newestSize;
    wantsPage = false;
    let page = await loadFirst(client, scope, limit);
    if (page.ok && limit < pageSize && !isJoined(page.value, get().ids))
      page = await loadFirst(client, scope, pageSize);
    if (get().scope !== scope) return;
    if (page.ok) mergeFirst(page.value);
    else set({ error: page.error });
    set({ loading: false });
  });
  const refresh = (): Promise<void> => {
    wantsPage = true;
    return update();
  };

  feed.listen({
    opened: () => void refresh(),
    frames(frames) {
      const { byId, scope } = get();
      let changed: Record<string, JobSummary> | null = null;
      let hasNew = false;
      let isStale = false;
      for (const frame of frames) {
        if (frame.kind !== 'event') continue;
        const job = (changed ?? byId)[frame.event.job_id];
        if (!job) hasNew ||= isNewIn(scope, frame.event);
        else {
          const after = applyEvent(job, frame.event);
          if (after === job) continue;
          changed ??= { ...byId };
          changed[job.job_id] = after;
          isStale ||= belongs[scope](after) !== belongs[scope](job);
        }
      }
      if (changed) set({ byId: changed });
      if (isStale) void refresh();
      else if (hasNew) void update();
    },
  });

  return {
    store,
    refresh,
    show(scope: Scope): void {
      if (get().scope === scope && !get().loading && !get().error) return;
      set({ scope, ids: [], next: null, loading: true, error: null });
      void refresh();
    },
    async loadMore(): Promise<void> {
      const { next, scope, loadingMore } = get();
      if (next === null || loadingMore) return;
      set({ loadingMore: true });
      const page = await client.call('jobs.list', { limit: pageSize, before: next, ...filterOf(scope) });
      if (get().scope !== scope) return set({ loadingMore: false });
      if (!page.ok) return set({ loadingMore: false, error: page.error });
      const { byId, ids } = get();
      const known = new Set(ids);
      const older = page.value.jobs.filter((job) => !known.has(job.job_id));
      set({
        byId: merged(byId, older),
        ids: [...ids, ...older.map((job) => job.job_id)],
        next: page.value.next,
        total: page.value.total,
        loadingMore: false,
      });
    },
  };
}
export type Jobs = ReturnType<typeof createJobs>;

/** Whether nothing lies between a first page and what is known below it. */
function isJoined(page: Page, ids: readonly string[]): boolean {
  const known = new Set(ids);
  return page.next === null || page.jobs.some((job) => known.has(job.job_id));
}

/** Whether an event of a job that is not loaded changes the list or the count of all: another scope's job goes on. */
function isNewIn(scope: Scope, { state, metadata }: JobEvent): boolean {
  if (metadata['call_order'] === 1) return true;
  const waits = metadata['event_type'] === 'waiting';
  return scope === 'needs_you' ? waits : belongs[scope]({ state, waiting_for: null });
}

/** An event may overtake the answer of a list that was asked for before it: of two, the newer is what is so. */
function merged(known: JobsState['byId'], loaded: readonly JobSummary[]): JobsState['byId'] {
  const newer = (job: JobSummary): JobSummary => {
    const before = known[job.job_id];
    return before && before.updated_at > job.updated_at ? before : job;
  };
  return { ...known, ...Object.fromEntries(loaded.map((job) => [job.job_id, newer(job)])) };
}

/** Position in `ids` right after the last one that `fresh` also has. */
function indexAfter(ids: readonly string[], fresh: readonly string[]): number {
  const among = new Set(fresh);
  return ids.findLastIndex((id) => among.has(id)) + 1;
}

function filterOf(scope: Scope): { state?: JobState; waiting?: boolean } {
  if (scope === 'needs_you') return { waiting: true };
  return scope === 'completed' || scope === 'failed' || scope === 'canceled' ? { state: scope } : {};
}

/** The engine lists by one state; what is in progress is the union of those that are not terminal. */
async function loadFirst(client: CrewClient, scope: Scope, limit: number): Promise<Result<Page>> {
  if (scope !== 'active') return client.call('jobs.list', { limit, ...filterOf(scope) });
  const states = jobStates.filter((state) => !isTerminal(state));
  const pages = await Promise.all(states.map((state) => client.call('jobs.list', { limit: 1000, state })));
  const jobs: JobSummary[] = [];
  let total = 0;
  for (const page of pages) {
    if (!page.ok) return page;
    jobs.push(...page.value.jobs);
    total = page.value.total;
  }
  jobs.sort((a, b) => b.created_at.localeCompare(a.created_at));
  return ok({ jobs, next: null, total });
}

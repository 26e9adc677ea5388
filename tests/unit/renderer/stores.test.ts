import { describe, expect, test } from 'vitest';
import type { CrewClient } from '../../../src/shared/client.ts';
import { type Result, fail, ok } from '../../../src/shared/errors.ts';
import type { FeedFrame } from '../../../src/shared/events.ts';
import type { JobEvent, JobSummary } from '../../../src/shared/job.ts';
import { applyEvent } from '../../../src/renderer/src/lib/apply-event.ts';
import { coalesce } from '../../../src/renderer/src/stores/coalesce.ts';
import { createStores } from '../../../src/renderer/src/stores/index.ts';
import { sortOut } from '../../../src/renderer/src/stores/inbox.ts';

const summary = (id: string, some: Partial<JobSummary> = {}): JobSummary => ({
  job_id: id,
  goal: 'g',
  repo: 'r',
  base_branch: 'main',
  work_branch: 'crew/x',
  state: 'executing',
  mode: 'live',
  waiting_for: null,
  priority: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...some,
});
const event = (id: number, job_id: string, some: Partial<JobEvent> = {}): FeedFrame & { kind: 'event' } => ({
  kind: 'event',
  event: {
    id,
    job_id,
    at: `2026-01-02T00:00:${String(id).padStart(2, '0')}.000Z`,
    state: 'executing',
    message: '',
    metadata: {},
    ...some,
  },
});

const isResult = (value: unknown): value is Result<unknown> =>
  typeof value === 'object' && value !== null && 'ok' in value;

/** An engine of given answers (values, or whole results) that can push frames. */
function fakeEngine(answers: Record<string, (input: never) => unknown>) {
  const calls: { name: string; input: unknown }[] = [];
  let push: (frame: FeedFrame) => void = () => undefined;
  const client = {
    async call(name: string, input: never): Promise<Result<unknown>> {
      calls.push({ name, input });
      const answer = answers[name];
      const value = await answer?.(input);
      if (isResult(value)) return value;
      return answer ? ok(value) : fail('not_found', name);
    },
    subscribe(_: unknown, onFrame: (frame: FeedFrame) => void, onStatus?: (status: 'open') => void) {
      push = onFrame;
      onStatus?.('open');
      return () => undefined;
    },
    desktop: null,
  } as unknown as CrewClient;
  let flush: () => void = () => undefined;
  let keys = 0;
  const stores = createStores({
    client,
    schedule: (run) => (flush = run),
    newKey: () => `key-${(keys += 1)}`,
  });
  return { stores, calls, push: (...frames: FeedFrame[]) => frames.forEach(push), flush: () => flush() };
}
const named = (calls: { name: string }[], name: string): number =>
  calls.filter((call) => call.name === name).length;

describe('a job after an event', () => {
  test('waits, goes on, and waits for nothing once it is over', () => {
    const job = summary('a');
    const waiting = applyEvent(
      job,
      event(1, 'a', { metadata: { event_type: 'waiting', waiting_for: 'answer', call_order: 1 } }).event,
    );
    expect(waiting.waiting_for).toBe('answer');
    expect(applyEvent(waiting, event(2, 'a').event).waiting_for).toBe('answer');
    expect(
      applyEvent(waiting, event(2, 'a', { metadata: { event_type: 'resumed' } }).event).waiting_for,
    ).toBeNull();
    expect(applyEvent(waiting, event(2, 'a', { state: 'canceled' }).event)).toMatchObject({
      state: 'canceled',
      waiting_for: null,
    });
  });

  test('is not taken back by a replay', () => {
    const job = summary('a', { state: 'completed', updated_at: '2026-02-01T00:00:00.000Z' });
    expect(applyEvent(job, event(1, 'a').event)).toBe(job);
  });
});

describe('the list of jobs', () => {
  const list = (jobs: JobSummary[]) => ({
    'jobs.list': () => ({ jobs, next: null, total: jobs.length }),
    'escalations.list': () => ({ escalations: [], open_count: 0 }),
  });

  test('a thousand events of known jobs change only those jobs, and ask for nothing', async () => {
    const { stores, calls, push, flush } = fakeEngine(list([summary('a'), summary('b')]));
    stores.feed.start();
    await stores.jobs.refresh();
    const before = stores.jobs.store.getState().byId;
    const asked = named(calls, 'jobs.list');
    push(...Array.from({ length: 1000 }, (_, index) => event(index % 60, 'a', { state: 'planning' })));
    flush();
    const after = stores.jobs.store.getState().byId;
    expect(after['a']?.state).toBe('planning');
    expect(after['b']).toBe(before['b']);
    expect(named(calls, 'jobs.list')).toBe(asked);
  });

  test('a burst of new jobs asks for the list, not for each of them', async () => {
    const jobs = [summary('a')];
    const { stores, calls, push, flush } = fakeEngine(list(jobs));
    stores.feed.start();
    await stores.jobs.refresh();
    const asked = named(calls, 'jobs.list');
    jobs.unshift(summary('c'), summary('b'));
    push(event(1, 'b'), event(2, 'c'), event(3, 'b'));
    flush();
    await stores.jobs.refresh();
    expect(stores.jobs.store.getState().ids).toEqual(['c', 'b', 'a']);
    expect(named(calls, 'jobs.list') - asked).toBeLessThanOrEqual(2);
  });

  test('a list that was asked for before an event came does not take it back', async () => {
    const gate = Promise.withResolvers<unknown>();
    const { stores, push, flush } = fakeEngine({
      'jobs.list': async () => {
        await gate.promise;
        return { jobs: [summary('a')], next: null, total: 1 };
      },
    });
    stores.jobs.store.setState({ byId: { a: summary('a') }, ids: ['a'] });
    stores.feed.start();
    push(event(1, 'a', { state: 'planning' }));
    flush();
    gate.resolve(null);
    await stores.jobs.refresh();
    expect(stores.jobs.store.getState().byId['a']?.state).toBe('planning');
  });

  const paged = (all: JobSummary[]) => ({
    'jobs.list': ({ limit, before }: { limit: number; before?: string }) => {
      const start = before === undefined ? 0 : all.findIndex((job) => job.job_id === before) + 1;
      const jobs = all.slice(start, start + limit);
      return {
        jobs,
        next: start + limit < all.length ? (jobs.at(-1)?.job_id ?? null) : null,
        total: all.length,
      };
    },
    'escalations.list': () => ({ escalations: [], open_count: 0 }),
  });

  test('a few new jobs are asked for alone, many with a whole page', async () => {
    const all = Array.from({ length: 150 }, (_, index) => summary(`j${index}`));
    const { stores, calls, push, flush } = fakeEngine(paged(all));
    stores.feed.start();
    await stores.jobs.refresh();
    await stores.jobs.loadMore();
    const limits = (): unknown[] =>
      calls.flatMap(({ name, input }) =>
        name === 'jobs.list' && !('waiting' in (input as object)) ? [(input as { limit: number }).limit] : [],
      );
    const added = async (...jobs: JobSummary[]): Promise<unknown[]> => {
      const asked = limits().length;
      all.unshift(...jobs);
      push(event(1, jobs[0]?.job_id ?? ''));
      flush();
      await expect.poll(() => stores.jobs.store.getState().ids).toEqual(all.map((job) => job.job_id));
      return limits().slice(asked);
    };
    expect(await added(summary('new'))).toEqual([20]);
    expect(await added(...Array.from({ length: 30 }, (_, index) => summary(`more${index}`)))).toEqual([
      20, 100,
    ]);
  });

  test('what another scope’s jobs do asks for nothing, unless they come into this one', async () => {
    const { stores, calls, push, flush } = fakeEngine(list([summary('a', { state: 'failed' })]));
    stores.feed.start();
    stores.jobs.show('failed');
    await stores.jobs.refresh();
    const asked = (): number => named(calls, 'jobs.list');
    const before = asked();
    push(event(1, 'b', { state: 'planning' }), event(2, 'b', { metadata: { event_type: 'agent_step' } }));
    flush();
    expect(asked()).toBe(before);
    push(event(3, 'b', { state: 'failed' }));
    flush();
    expect(asked()).toBe(before + 1);
  });

  test('newer jobs in front keep the pages loaded below', async () => {
    const all = Array.from({ length: 250 }, (_, index) => summary(`j${index}`));
    const { stores } = fakeEngine(paged(all));
    await stores.jobs.refresh();
    await stores.jobs.loadMore();
    await stores.jobs.loadMore();
    expect(stores.jobs.store.getState()).toMatchObject({ next: null, total: 250 });
    all.unshift(summary('new'));
    await stores.jobs.refresh();
    const { ids, next } = stores.jobs.store.getState();
    expect(ids).toHaveLength(251);
    expect(ids.slice(0, 2)).toEqual(['new', 'j0']);
    expect(next).toBeNull();
  });
});

describe('the timeline', () => {
  const jobEvents = (from: number, to: number): JobEvent[] =>
    Array.from({ length: to - from + 1 }, (_, index) => event(from + index, 'a').event);

  test('has no hole where the feed was opened after the history was read', async () => {
    const end = Promise.withResolvers<unknown>();
    let told = 5;
    const { stores } = fakeEngine({
      'jobs.timeline': async ({ after, tail }: { after?: number; tail?: boolean }) => {
        const events = jobEvents((after ?? 0) + 1, told);
        if (tail) await end.promise;
        return { events, more: false };
      },
    });
    const page = stores.jobPage('a');
    const loading = page.timeline.catchUp();
    // Two events before the feed is open, and one that comes over it before the history is there.
    told = 8;
    page.timeline.take([event(8, 'a')]);
    end.resolve(null);
    await loading;
    page.timeline.take([event(9, 'a')]);
    expect(page.timeline.store.getState().rows.map((row) => row.key)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a new job', () => {
  test('a second try after a lost connection carries the same key, the next job another', async () => {
    const answers: Result<unknown>[] = [fail('unavailable', ''), ok({ job_id: 'a' }), ok({ job_id: 'b' })];
    const { stores, calls } = fakeEngine({ 'jobs.create': () => answers.shift() });
    for (let count = 0; count < 3; count += 1) await stores.newJob.submit({ goal: 'g', repo: 'r' });
    const keys = calls.map((call) => (call.input as { idempotency_key: string }).idempotency_key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });
});

describe('the inbox', () => {
  test('is asked for when a job may need a human or no longer does, not at each of its steps', async () => {
    const { stores, calls, push, flush } = fakeEngine({
      'jobs.list': () => ({ jobs: [], next: null, total: 0 }),
      'escalations.list': () => ({ escalations: [], open_count: 0 }),
    });
    stores.feed.start();
    await stores.inbox.refresh();
    const asks = async (...frames: FeedFrame[]): Promise<boolean> => {
      const before = named(calls, 'escalations.list');
      push(...frames);
      flush();
      const asked = named(calls, 'escalations.list') > before;
      if (asked) await stores.inbox.refresh();
      return asked;
    };
    const moved = { event_type: 'state_transition' };
    expect(await asks(event(1, 'a', { state: 'planning', metadata: moved }))).toBe(false);
    expect(await asks(event(2, 'a', { metadata: { event_type: 'agent_step' } }))).toBe(false);
    expect(await asks(event(3, 'a', { metadata: { event_type: 'waiting' } }))).toBe(true);
    expect(await asks(event(4, 'a', { metadata: { event_type: 'resumed' } }))).toBe(true);
    expect(await asks(event(5, 'a', { state: 'failed', metadata: moved }))).toBe(true);
  });

  test('a question counts once, with the job that waits for its answer', () => {
    const escalation = {
      escalation_id: 'e',
      at: '',
      severity: 'info' as const,
      reason: '',
      resolved_at: null,
      answer: null,
    };
    const sorted = sortOut(
      [summary('a', { waiting_for: 'answer' }), summary('b', { waiting_for: 'plan_approval' })],
      [
        { ...escalation, job_id: 'a', metadata: { question: 'Which?' } },
        { ...escalation, escalation_id: 'f', job_id: 'c', metadata: {} },
      ],
    );
    expect(sorted.count).toBe(3);
    expect(sorted.questions['a']?.escalation_id).toBe('e');
    expect(sorted.notices.map((notice) => notice.escalation_id)).toEqual(['f']);
  });
});

test('work asked for while it runs runs once more', async () => {
  let runs = 0;
  const gate = Promise.withResolvers<unknown>();
  const refresh = coalesce(async () => {
    runs += 1;
    await gate.promise;
  });
  const done = [refresh(), refresh(), refresh(), refresh()];
  gate.resolve(null);
  await Promise.all(done);
  expect(runs).toBe(2);
});

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedFrame } from '../../../src/shared/events.ts';
import { isTerminal, type JobEvent } from '../../../src/shared/job.ts';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import { createFeed } from '../../../src/main/app/feed.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { jobRecord, openStore, temporaryFolder } from './support.ts';

const jobIds = ['a', 'b', 'c'] as const;
const jobId = fc.constantFrom(...jobIds);

/** What happens around a subscription, in any order; our own announcements may come late, but in order. */
const happening = fc.oneof(
  fc.record({ what: fc.constant('own' as const), jobId, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ what: fc.constant('foreign' as const), jobId, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ what: fc.constant('end' as const), jobId }),
  fc.record({ what: fc.constant('subscribe' as const), jobId: fc.option(jobId), skip: fc.nat({ max: 6 }) }),
  fc.constantFrom(
    { what: 'announce' as const },
    { what: 'wake' as const },
    { what: 'turn' as const },
    { what: 'turn' as const },
  ),
);

/** Appends events of a job; none once it has ended. */
function append(store: Store, id: string, count: number, state: 'executing' | 'completed'): JobEvent[] {
  return store.transaction(({ jobs, events }) => {
    const job = jobs.get(id);
    if (job === null || isTerminal(job.state)) return [];
    jobs.update({ ...job, version: job.version + count, state }, job.version);
    return events.append(
      id,
      Array.from({ length: count }, (_, n) => {
        const version = job.version + n + 1;
        return { version, atMs: 1, state, message: 'step', metadata: { call_order: version } };
      }),
    );
  });
}

interface Follower {
  jobId: string | null;
  after: number;
  frames: FeedFrame[];
}

function expected(store: Store, { jobId: id, after }: Follower): FeedFrame[] {
  const events = store.tables.events
    .all(after, 10_000)
    .filter((event) => id === null || event.job_id === id)
    .map((event): FeedFrame => ({ kind: 'event', event }));
  const state = id === null ? undefined : store.tables.jobs.get(id)?.state;
  return state !== undefined && isTerminal(state) ? [...events, { kind: 'done', job_id: id! }] : events;
}

describe('the feed', () => {
  it('tells each subscriber of every event once and in order, however commits and announcements meet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60, size: 'max' }), async (plan) => {
        const path = join(temporaryFolder(), 'jobs.db');
        const [own, foreign] = [openStore(path), openStore(path)];
        own.transaction(({ jobs }) => jobIds.forEach((id) => jobs.insert(jobRecord(id))));
        const bus = createEventBus((error) => expect.fail(String(error)));
        const feed = createFeed(own, bus);
        const followers: Follower[] = [];
        let late: JobEvent[][] = [];
        const announce = (): void => {
          late.forEach((events) => bus.publish(events));
          late = [];
        };
        for (const step of plan) {
          if (step.what === 'own') late.push(append(own, step.jobId, step.count, 'executing'));
          if (step.what === 'end') late.push(append(own, step.jobId, 1, 'completed'));
          if (step.what === 'foreign') append(foreign, step.jobId, step.count, 'executing');
          if (step.what === 'announce') announce();
          if (step.what === 'wake') bus.wake();
          if (step.what === 'turn') await nextTurn();
          if (step.what === 'subscribe') {
            const after = Math.max(0, own.tables.events.head() - step.skip);
            const follower: Follower = { jobId: step.jobId, after, frames: [] };
            followers.push(follower);
            feed.subscribe({ job_id: step.jobId ?? undefined, after }, (frame) =>
              follower.frames.push(frame),
            );
          }
        }
        announce();
        bus.wake();
        await nextTurn();
        await nextTurn();
        for (const follower of followers) expect(follower.frames).toEqual(expected(own, follower));
        own.close();
        foreign.close();
      }),
      { numRuns: 60 },
    );
  });

  it('brings an announced event without reading it again', async () => {
    const store = openStore(join(temporaryFolder(), 'jobs.db'));
    store.transaction(({ jobs }) => jobs.insert(jobRecord('a')));
    const bus = createEventBus((error) => expect.fail(String(error)));
    const frames: FeedFrame[] = [];
    createFeed(store, bus).subscribe({ job_id: 'a' }, (frame) => frames.push(frame));
    await nextTurn();
    const [event] = append(store, 'a', 1, 'executing');
    bus.publish([event!]);
    expect(frames).toEqual([]);
    await nextTurn();
    expect(frames).toEqual([{ kind: 'event', event }]);
    expect(frames[0]).toHaveProperty('event.metadata', event!.metadata);
  });
});

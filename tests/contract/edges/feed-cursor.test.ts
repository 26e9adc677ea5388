import { describe, expect, it } from 'vitest';
import { followFeed } from '../../../src/main/api/feed-cursor.ts';
import type { FeedFrame, FeedRequest } from '../../../src/shared/events.ts';
import { jobEvent } from './samples.ts';
import { createStubFeed, type StubFeed } from './stub-engine.ts';

const delta: FeedFrame = { kind: 'delta', job_id: 'j1', agent: 'a', agent_role: 'backend', text: 'x' };
const nameOf = (frame: FeedFrame): number | string => (frame.kind === 'event' ? frame.event.id : frame.kind);

/** A sink with room for so many frames, then none until it is resumed. */
function follow(feed: StubFeed, request: FeedRequest, room = Infinity) {
  const taken: (number | string)[] = [];
  let left = room;
  const cursor = followFeed(feed, request, (frame) => {
    taken.push(nameOf(frame));
    left -= 1;
    return left > 0;
  });
  return {
    taken,
    cursor,
    resume: (more: number) => {
      left = more;
      cursor.resume();
    },
  };
}

describe('a cursor over the feed', () => {
  it('takes each event once and in order, whatever the room', () => {
    for (const room of [1, 2, 3, 7]) {
      const feed = createStubFeed(Array.from({ length: 20 }, (_, index) => jobEvent(index + 1)));
      const { taken, resume } = follow(feed, { after: 0 }, room);
      for (let id = 21; id <= 25; id += 1) feed.add(jobEvent(id));
      for (let turn = 0; turn < 30; turn += 1) resume(room);
      expect(taken).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    }
  });

  it('buffers nothing while there is no room', () => {
    const feed = createStubFeed([jobEvent(1), jobEvent(2)]);
    const { taken } = follow(feed, { after: 0 }, 1);
    expect(taken).toEqual([1]);
    expect(feed.subscribers).toBe(0);
  });

  it('keeps its subscription when nothing was missed', () => {
    const feed = createStubFeed([jobEvent(1)]);
    const { taken, resume } = follow(feed, { after: 0 }, 1);
    feed.send(delta);
    resume(5);
    feed.add(jobEvent(2));
    expect(taken).toEqual([1, 2]);
    expect(feed.requests).toHaveLength(1);
  });

  it('misses no event that came while a delta had filled it, though it began at no position', () => {
    const feed = createStubFeed([jobEvent(1)]);
    const { taken, resume } = follow(feed, {}, 1);
    feed.send(delta);
    feed.add(jobEvent(2));
    feed.add(jobEvent(3));
    resume(9);
    expect(taken).toEqual(['delta', 2, 3]);
  });

  it('hears of the end that came while it had no room', () => {
    const feed = createStubFeed([jobEvent(1)]);
    const { taken, resume } = follow(feed, { job_id: 'j1', after: 0 }, 1);
    feed.end();
    feed.send({ kind: 'done', job_id: 'j1' });
    resume(9);
    expect(taken).toEqual([1, 'done']);
  });

  it('takes nothing after it was closed, also from within the sink', () => {
    const feed = createStubFeed([jobEvent(1), jobEvent(2), jobEvent(3)]);
    const { taken, cursor } = follow(feed, { after: 0 });
    cursor.close();
    cursor.close();
    feed.add(jobEvent(4));
    cursor.resume();
    expect(taken).toEqual([1, 2, 3]);
    expect(feed.subscribers).toBe(0);
  });
});

import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedFrame } from '../../../src/shared/events.ts';
import { createIpcPair, type IpcPair } from './ipc-pair.ts';
import { jobEvent } from './samples.ts';
import { createStubEngine, type StubEngine } from './stub-engine.ts';

let engine: StubEngine;
let ipc: IpcPair;

beforeEach(() => {
  engine = createStubEngine();
  ipc = createIpcPair(engine);
});
afterEach(() => ipc.close());

/** Resolves with the first `count` frames. */
const collect = (count: number): { take: (frame: FeedFrame) => void; all: Promise<FeedFrame[]> } => {
  const frames: FeedFrame[] = [];
  const { promise, resolve } = Promise.withResolvers<FeedFrame[]>();
  return {
    take: (frame) => {
      frames.push(frame);
      if (frames.length === count) resolve(frames);
    },
    all: promise,
  };
};

describe('the sender of a call', () => {
  it.each([
    ['a sub-frame of our page', { url: 'app://crew/index.html', parent: {} }],
    ['our frame after it was led away', { url: 'https://evil.example/', parent: null }],
    ['another host of our scheme', { url: 'app://evil/index.html', parent: null }],
    ['a frame that has gone', null],
  ])('is refused when it is %s', async (_what, frame) => {
    expect(await ipc.call('jobs.list', {}, frame)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(engine.calls).toEqual([]);
    expect(engine.logged).toHaveLength(1);
  });

  it('is refused when our own frame has another address', async () => {
    ipc.ourFrame.url = 'file:///etc/passwd';
    expect(await ipc.call('jobs.list', {})).toMatchObject({ error: { code: 'forbidden' } });
  });

  it('may pick a folder only from our page', async () => {
    expect(await ipc.call('desktop.pickFolder', {})).toEqual({ ok: true, value: '/picked' });
    expect(await ipc.call('desktop.pickFolder', {}, null)).toMatchObject({ error: { code: 'forbidden' } });
  });

  it.each([null, 7, ['jobs.list'], { toString: 'jobs.list' }])(
    'gets no handler by the name %j',
    async (name) => {
      expect(await ipc.call(name, {}).catch(() => 'refused')).not.toMatchObject({ ok: true });
    },
  );
});

describe('a subscription', () => {
  it('replays and follows in order', async () => {
    engine.feed.add(jobEvent(1));
    const { take, all } = collect(3);
    const port = ipc.subscribe({ after: 0 }, take);
    engine.feed.add(jobEvent(2));
    engine.feed.send({ kind: 'delta', job_id: 'j1', agent: 'a', agent_role: 'backend', text: ' x' });
    expect((await all).map((frame) => (frame.kind === 'event' ? frame.event.id : frame.kind))).toEqual([
      1,
      2,
      'delta',
    ]);
    port.close();
  });

  it('ends when the page goes away', async () => {
    const { take, all } = collect(1);
    engine.feed.add(jobEvent(1));
    const port = ipc.subscribe({ after: 0 }, take);
    await all;
    expect(engine.feed.subscribers).toBe(1);
    port.close();
    await once(port, 'close');
    await expect.poll(() => engine.feed.subscribers).toBe(0);
  });

  it('is refused from elsewhere and for nonsense', async () => {
    const take = (): void => expect.fail('a frame got through');
    const refused = [
      ipc.subscribe({ after: 0 }, take, null),
      ipc.subscribe({ after: -1 }, take),
      ipc.subscribe('all', take),
    ];
    await Promise.all(refused.map((port) => once(port, 'close')));
    expect(engine.feed.requests).toEqual([]);
  });

  it('brings 20,000 events to a slow page, each once, without running ahead of it', async () => {
    for (let id = 1; id <= 20_000; id += 1) engine.feed.add(jobEvent(id));
    const { take, all } = collect(20_000);
    const port = ipc.subscribe({ after: 0 }, take);
    const ids = (await all).map((frame) => (frame.kind === 'event' ? frame.event.id : -1));
    expect(ids).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
    // It let go of the feed while the page had enough to do.
    expect(engine.feed.requests.length).toBeGreaterThan(10);
    port.close();
  });
});

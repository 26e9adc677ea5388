import { createStore } from 'zustand/vanilla';
import type { CrewClient, FeedStatus } from '../../../shared/client.ts';
import type { FeedFrame } from '../../../shared/events.ts';

export interface FeedState {
  status: FeedStatus;
  /** True once the feed has been open: only then is "connecting" a loss worth a banner. */
  wasOpen: boolean;
}

export interface FeedListener {
  /** Frames in order, in batches as the scheduler has it. */
  frames(frames: readonly FeedFrame[]): void;
  /** The feed is open, again or for the first time: what was loaded before may lack events. */
  opened(): void;
}

/** When to hand over a batch; a page in the background gets no animation frames, so it needs another clock. */
export type Scheduler = (flush: () => void) => void;

/** Of a page in the background. */
const hiddenMs = 250;
/** Between two batches: drawing takes the same processor as the jobs, and nobody reads faster. */
const restMs = 50;

/** The first batch with the next frame of the screen, what follows it after a rest. */
export function createFrameScheduler(): Scheduler {
  let restUntil = 0;
  const schedule: Scheduler = (flush) => {
    const run = (): void => {
      restUntil = performance.now() + restMs;
      flush();
    };
    const resting = restUntil - performance.now();
    if (document.hidden) setTimeout(run, hiddenMs);
    else if (resting > 0) setTimeout(schedule, resting, flush);
    else requestAnimationFrame(run);
  };
  return schedule;
}

/** The one subscription of the pages. Stores listen to it; none subscribes by itself. */
export function createFeed(client: CrewClient, schedule: Scheduler) {
  const store = createStore<FeedState>(() => ({ status: 'connecting', wasOpen: false }));
  const listeners = new Set<FeedListener>();
  let waiting: FeedFrame[] = [];

  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    for (const listener of listeners) listener.frames(batch);
  };
  const take = (frame: FeedFrame): void => {
    if (waiting.length === 0) schedule(flush);
    waiting.push(frame);
  };
  const setStatus = (status: FeedStatus): void => {
    const { status: before, wasOpen } = store.getState();
    if (status === before) return;
    store.setState({ status, wasOpen: wasOpen || status === 'open' });
    if (status === 'open') for (const listener of listeners) listener.opened();
  };

  return {
    store,
    listen(listener: FeedListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (): (() => void) => client.subscribe({}, take, setStatus),
  };
}
export type Feed = ReturnType<typeof createFeed>;

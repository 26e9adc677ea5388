import type { FeedFrame, FeedRequest } from '../../shared/events.ts';
import type { Feed } from '../app/ports/system.ts';

/** Takes one frame; false asks to stop until `resume`, though the frame was still taken. Must not throw. */
export type FrameSink = (frame: FeedFrame) => boolean;

export interface FeedCursor {
  /** The sink has room again. */
  resume(): void;
  close(): void;
}

/**
 * A subscription that a slow reader can neither bloat nor lose events of. While the sink has no room nothing is
 * buffered: the first frame that must not be lost ends the subscription, and `resume` opens another above the last
 * event taken, which the store replays. Deltas that pass meanwhile are lost, as events.ts allows.
 */
export function followFeed(feed: Feed, request: FeedRequest, sink: FrameSink): FeedCursor {
  let after = request.after;
  let closed = false;
  let paused = false;
  let unsubscribe: (() => void) | null = null;
  // Tells apart the frames of a subscription given up, also of one that replays before `subscribe` returns.
  let generation = 0;

  const release = (): void => {
    generation += 1;
    unsubscribe?.();
    unsubscribe = null;
  };
  const take = (frame: FeedFrame): void => {
    if (paused) {
      if (frame.kind === 'delta') return;
      if (frame.kind === 'event') after ??= frame.event.id - 1;
      release();
      return;
    }
    if (frame.kind === 'event') {
      if (after !== undefined && frame.event.id <= after) return;
      after = frame.event.id;
    }
    if (!sink(frame)) paused = true;
  };
  const open = (): void => {
    const mine = generation;
    const end = feed.subscribe(after === undefined ? request : { ...request, after }, (frame) => {
      if (mine === generation) take(frame);
    });
    if (mine === generation) unsubscribe = end;
    else end();
  };

  open();
  return {
    resume() {
      if (closed || !paused) return;
      paused = false;
      if (unsubscribe === null) open();
    },
    close() {
      if (closed) return;
      closed = true;
      release();
    },
  };
}

import type { FeedFrame, FeedRequest } from '../../shared/events.ts';
import type { Feed } from '../api/app.ts';
import { followFeed, type FeedCursor } from '../api/feed-cursor.ts';

/** Main's end of a channel to a page; Electron's `MessagePortMain` in the app, a Node port in tests. */
export interface FeedPort {
  postMessage(frames: FeedFrame[]): void;
  on(event: 'message' | 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Frames in one message, and messages on the way that the page has not yet asked beyond. */
const maxBatch = 500;
const maxInFlight = 2;

/**
 * Sends a feed to a page in batches. Frames that the feed delivers in one go travel together, and at once; a page that
 * does not keep up holds the cursor, so neither side buffers more than a few batches. The subscription ends when the
 * port closes, which Chromium does on reload, navigation and close.
 */
export function sendFeed(feed: Feed, request: FeedRequest, port: FeedPort): () => void {
  let batch: FeedFrame[] = [];
  let inFlight = 0;
  let scheduled = false;
  let closed = false;
  const state: { cursor: FeedCursor | null } = { cursor: null };

  const flush = (): void => {
    scheduled = false;
    if (closed || batch.length === 0 || inFlight >= maxInFlight) return;
    inFlight += 1;
    const frames = batch;
    batch = [];
    port.postMessage(frames);
    state.cursor?.resume();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(flush);
  };
  const close = (): void => {
    if (closed) return;
    closed = true;
    batch = [];
    state.cursor?.close();
    port.close();
  };

  port.on('message', () => {
    inFlight = Math.max(0, inFlight - 1);
    schedule();
  });
  port.on('close', close);
  port.start();
  state.cursor = followFeed(feed, request, (frame) => {
    if (closed) return false;
    batch.push(frame);
    schedule();
    return batch.length < maxBatch;
  });
  return close;
}

import type { ServerResponse } from 'node:http';
import type { FeedFrame, FeedRequest } from '../../../shared/events.ts';
import type { JobEvent } from '../../../shared/job.ts';
import type { Feed } from '../../app/ports/system.ts';
import { followFeed, type FeedCursor } from '../feed-cursor.ts';

export interface EventStreamOptions {
  feed: Feed;
  request: FeedRequest;
  /** Text of a frame on the wire; null leaves it out. */
  encode: (frame: FeedFrame) => string | null;
  /** Whether the stream ends after this frame. */
  isLast: (frame: FeedFrame) => boolean;
  /** Milliseconds of silence after which a comment keeps proxies and dead connections honest. */
  heartbeatMs: number;
  /** Ends the stream when the server stops. */
  signal: AbortSignal;
}

/** Characters that are gathered before the socket's own buffer is asked for room. */
const maxPending = 65_536;

const block = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** compatibility.md §1: these fields in this order. */
const eventBlock = ({ id, job_id, at, state, message, metadata }: JobEvent): string =>
  `id: ${id}\n${block('job_event', { id, job_id, at, state, message, metadata })}`;

/** The stream of one job: its events, then `done`. */
export function encodeJobFrame(frame: FeedFrame): string | null {
  switch (frame.kind) {
    case 'event':
      return eventBlock(frame.event);
    case 'done':
      return block('done', { job_id: frame.job_id });
    case 'delta':
      return null;
  }
}

/** The stream of the pages, which also show an agent's text as it comes. */
export function encodePageFrame(frame: FeedFrame): string | null {
  if (frame.kind !== 'delta') return encodeJobFrame(frame);
  const { job_id, agent, agent_role, text } = frame;
  return block('delta', { job_id, agent, agent_role, text });
}

/** `Last-Event-ID` is where a reconnecting client really is, so it wins over `after` in an old address. */
export function startAfter(lastEventId: unknown, after: unknown): number | null | undefined {
  const given = [lastEventId, after].find((value) => value !== undefined && value !== '');
  if (given === undefined) return undefined;
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : null;
}

/**
 * Writes the feed to a response until its end, a disconnect or the signal. What the client does not read is not
 * fetched: when the socket's buffer is full the cursor lets go of the feed until it drains.
 */
export function streamEvents(response: ServerResponse, options: EventStreamOptions): void {
  const { feed, request, encode, isLast, heartbeatMs, signal } = options;
  let cursor: FeedCursor | null = null;
  let ended = false;
  let pending = '';
  let lastWrite = performance.now();

  const stop = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(heartbeat);
    signal.removeEventListener('abort', stop);
    cursor?.close();
    response.end(pending);
  };
  const flush = (): void => {
    if (ended) return;
    const text = pending;
    pending = '';
    lastWrite = performance.now();
    // The cursor stops by our own count, which may be before the socket's buffer is full.
    if (response.write(text)) cursor?.resume();
  };
  /** Frames of one turn go out as one piece. False when the client reads too slowly for more. */
  const write = (text: string): boolean => {
    if (pending === '') process.nextTick(flush);
    pending += text;
    return !response.writableNeedDrain && pending.length < maxPending;
  };
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain && performance.now() - lastWrite >= heartbeatMs)
      write(': keep-alive\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  response.on('drain', () => cursor?.resume());
  response.on('close', stop);
  response.on('error', stop);
  signal.addEventListener('abort', stop, { once: true });
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  response.flushHeaders();

  cursor = followFeed(feed, request, (frame) => {
    if (ended) return false;
    const text = encode(frame);
    const hasRoom = text === null || write(text);
    if (isLast(frame)) stop();
    return hasRoom;
  });
  // The whole stream may have been replayed before the cursor had a name.
  if (ended || signal.aborted) {
    cursor.close();
    stop();
  }
}

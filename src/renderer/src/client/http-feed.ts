import { createParser } from 'eventsource-parser';
import type { FeedStatus } from '../../../shared/client.ts';
import { type FeedFrame, type FeedRequest, feedFrameSchema } from '../../../shared/events.ts';
import { type HttpEdge, bearer } from './http-edge.ts';

const firstDelayMs = 400;
const longestDelayMs = 8_000;

/**
 * Follows the server-sent events and reconnects from the last event seen, with a growing pause, until stopped, until
 * the job's stream is done, or until the token is refused.
 */
export function followFeed(
  edge: HttpEdge,
  request: FeedRequest,
  onFrame: (frame: FeedFrame) => void,
  onStatus: (status: FeedStatus) => void = () => undefined,
): () => void {
  const stop = new AbortController();
  let after = request.after;
  let delayMs = firstDelayMs;
  let over = false;

  const take = (name: string | undefined, data: string): void => {
    const frame = toFrame(name, data);
    if (!frame) return;
    if (frame.kind === 'event') after = frame.event.id;
    if (frame.kind === 'done') over = true;
    onFrame(frame);
  };

  async function follow(): Promise<void> {
    while (!stop.signal.aborted && !over) {
      onStatus('connecting');
      try {
        const response = await open(edge, { ...request, after }, stop.signal);
        if (response.status === 401) break;
        if (response.ok && response.body) {
          delayMs = firstDelayMs;
          onStatus('open');
          await read(response.body, take);
        }
      } catch {
        // A broken connection is what the loop is for.
      }
      if (stop.signal.aborted || over) break;
      onStatus('connecting');
      await edge.pause(delayMs, stop.signal);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
    if (!stop.signal.aborted) onStatus('closed');
  }
  void follow();
  return () => stop.abort();
}

function open(edge: HttpEdge, { job_id, after }: FeedRequest, signal: AbortSignal): Promise<Response> {
  const query = new URLSearchParams();
  if (job_id !== undefined) query.set('job_id', job_id);
  if (after !== undefined) query.set('after', String(after));
  const path = query.size > 0 ? `/events?${query.toString()}` : '/events';
  return edge.fetch(edge.origin + path, {
    headers: { accept: 'text/event-stream', ...bearer(edge.token) },
    cache: 'no-store',
    credentials: 'omit',
    signal,
  });
}

async function read(
  body: ReadableStream<Uint8Array>,
  take: (name: string | undefined, data: string) => void,
): Promise<void> {
  const parser = createParser({ onEvent: ({ event, data }) => take(event, data) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

const kindOf: Record<string, FeedFrame['kind']> = { job_event: 'event', delta: 'delta', done: 'done' };

/** Null for events of a later version and for data that is not ours. */
export function toFrame(name: string | undefined, data: string): FeedFrame | null {
  const kind = kindOf[name ?? ''];
  if (!kind) return null;
  try {
    const value: unknown = JSON.parse(data);
    const frame = kind === 'event' ? { kind, event: value } : { ...(value as object), kind };
    const parsed = feedFrameSchema.safeParse(frame);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

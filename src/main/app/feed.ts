import { isTerminal, type JobEvent, type JobState } from '../../shared/job.ts';
import type { FeedFrame, FeedRequest } from '../../shared/events.ts';
import type { Feed } from './ports/system.ts';
import { StoreUnavailable, type Store } from './ports/store.ts';
import type { EventBus } from './event-bus.ts';
import { createFeedPosition } from './feed-position.ts';

const pageSize = 500;

/**
 * The feed goes by the store: what is announced is taken only where it follows right behind what was delivered, and
 * otherwise pulled. So nothing is lost or doubled between replay and live, and events of other processes come in their
 * place. Frames are always delivered asynchronously, but news in the turn that brought it: the next turn of Electron's
 * loop may be many milliseconds away, with another commit or the start of a process in between.
 */
export function createFeed(store: Store, bus: EventBus): Feed {
  return { subscribe: (request, onFrame) => openSubscription(store, bus, request, onFrame) };
}

function openSubscription(
  store: Store,
  bus: EventBus,
  request: FeedRequest,
  onFrame: (frame: FeedFrame) => void,
): () => void {
  const { job_id: jobId } = request;
  const position = createFeedPosition(
    jobId,
    request.after ?? (jobId === undefined ? store.tables.events.head() : 0),
  );
  let announced: JobEvent[] = [];
  let stale = true;
  let scheduled = false;
  let closed = false;
  const stops: (() => void)[] = [];
  const close = (): void => {
    closed = true;
    stops.forEach((stop) => stop());
  };
  const page = (): JobEvent[] => {
    const { afterId } = position;
    return jobId === undefined
      ? store.tables.events.all(afterId, pageSize)
      : store.tables.events.ofJob(jobId, { afterId, limit: pageSize });
  };
  const look = (): void => {
    scheduled = false;
    const next = position.follow(announced);
    announced = [];
    if (closed) return;
    stale ||= next === null;
    if (stale) return whileReadable(pull);
    deliver(next ?? []);
    endAfter(next?.at(-1)?.state);
  };
  const pull = (): void => {
    const events = page();
    const state =
      events.at(-1)?.state ?? (jobId === undefined ? undefined : store.tables.jobs.get(jobId)?.state);
    stale = events.length === pageSize;
    deliver(events);
    if (stale) scheduleNextTurn();
    else endAfter(state);
  };
  const deliver = (events: readonly JobEvent[]): void => {
    for (const event of events) {
      if (closed) return;
      position.pass(event);
      onFrame({ kind: 'event', event });
    }
  };
  /** The move to a terminal state is a job's last event. */
  const endAfter = (state: JobState | undefined): void => {
    if (closed || jobId === undefined || state === undefined || !isTerminal(state)) return;
    onFrame({ kind: 'done', job_id: jobId });
    close();
  };
  const scheduleIn = (queue: (look: () => void) => unknown) => (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    queue(look);
  };
  const schedule = scheduleIn(queueMicrotask);
  /** For a long replay, which must not hold up everybody else. */
  const scheduleNextTurn = scheduleIn(setImmediate);
  stops.push(
    bus.onEvents((events) => {
      if (jobId !== undefined && !events.some((event) => event.job_id === jobId)) return;
      announced.push(...events);
      schedule();
    }),
    bus.onWake(() => {
      stale = true;
      schedule();
    }),
    bus.onDelta((delta) => (jobId === undefined || delta.job_id === jobId ? onFrame(delta) : undefined)),
  );
  schedule();
  return close;
}

/** A store that cannot be read now is said elsewhere; the position stays, and the next announcement looks again. */
function whileReadable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

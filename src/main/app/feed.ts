import { isTerminal, type JobEvent } from '../../shared/job.ts';
import type { FeedFrame, FeedRequest } from '../../shared/events.ts';
import type { Feed } from './ports/system.ts';
import { StoreUnavailable, type Store } from './ports/store.ts';
import type { EventBus } from './event-bus.ts';

const pageSize = 500;

/**
 * The feed pulls from the store behind a cursor; the bus only tells it to look. So nothing is lost or doubled between
 * replay and live, and events of other processes come the same way. Frames are always delivered asynchronously, but
 * news in the turn that brought it: the next turn of Electron's loop may be many milliseconds away, with another commit
 * or the start of a process in between.
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
  let cursor = request.after ?? (jobId === undefined ? store.tables.events.head() : 0);
  let scheduled = false;
  let closed = false;
  const stops: (() => void)[] = [];
  const close = (): void => {
    closed = true;
    stops.forEach((stop) => stop());
  };
  const page = (): JobEvent[] =>
    jobId === undefined
      ? store.tables.events.all(cursor, pageSize)
      : store.tables.events.ofJob(jobId, { afterId: cursor, limit: pageSize });
  const pull = (): void => {
    scheduled = false;
    if (!closed) whileReadable(pullPage);
  };
  const pullPage = (): void => {
    const events = page();
    for (const event of events) {
      cursor = event.id;
      onFrame({ kind: 'event', event });
      if (closed) return;
    }
    if (events.length === pageSize) lookInNextTurn();
    else if (jobId !== undefined && hasEnded(store, jobId, events.at(-1))) {
      onFrame({ kind: 'done', job_id: jobId });
      close();
    }
  };
  const lookIn = (schedule: (pull: () => void) => unknown) => (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    schedule(pull);
  };
  const look = lookIn(queueMicrotask);
  /** For a long replay, which must not hold up everybody else. */
  const lookInNextTurn = lookIn(setImmediate);
  stops.push(
    bus.onEvents((events) =>
      jobId === undefined || events.some((event) => event.job_id === jobId) ? look() : undefined,
    ),
    bus.onWake(look),
    bus.onDelta((delta) => (jobId === undefined || delta.job_id === jobId ? onFrame(delta) : undefined)),
  );
  look();
  return close;
}

/** A store that cannot be read now is said elsewhere; the cursor stays, and the next announcement looks again. */
function whileReadable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

/** The transition to a terminal state is a job's last event, so a caught-up cursor on an ended job is at the end. */
function hasEnded(store: Store, jobId: string, last: JobEvent | undefined): boolean {
  const state = last?.state ?? store.tables.jobs.get(jobId)?.state;
  return state !== undefined && isTerminal(state);
}

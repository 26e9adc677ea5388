import type { JobEvent } from '../../shared/job.ts';
import { parseEventMetadata } from '../../shared/events.ts';
import type { EventBus } from './event-bus.ts';
import { StoreUnavailable, type Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';

/** Something a person should hear of even when no window is open. */
export interface Attention {
  kind: 'needs_human' | 'completed' | 'failed' | 'signed_out';
  /** Null for what is about an account. */
  job_id: string | null;
  /** Of the job; the account's name where it is about one. */
  goal: string;
  /** One line: what is asked, or why the job or the sign-in ended. */
  reason: string;
}

/** How many jobs hold a worker slot, wait for a human, or stand in the queue. */
export interface Counts {
  running: number;
  waiting: number;
  queued: number;
}

export function countJobs(store: Store, clock: Clock): Counts {
  const now = clock.now();
  return {
    running: store.tables.queue.leases(now).length,
    waiting: store.tables.jobs.countWaiting(),
    queued: store.tables.queue.countQueued(now),
  };
}

/** Tells of jobs that need a human or ended, and of accounts that were signed out for good. Returns the stop. */
export function watchAttention(
  store: Store,
  bus: EventBus,
  listener: (attention: Attention) => void,
): () => void {
  const endSignedOut = bus.onSignedOut(({ provider, name, reason }) =>
    listener({ kind: 'signed_out', job_id: null, goal: `${provider}: ${name}`, reason }),
  );
  const endEvents = bus.onEvents((events) => {
    for (const event of events) {
      const kind = attentionOf(event);
      if (kind === null) continue;
      const goal = store.tables.jobs.get(event.job_id)?.goal ?? '';
      listener({ kind, job_id: event.job_id, goal, reason: event.message });
    }
  });
  return () => {
    endSignedOut();
    endEvents();
  };
}

/** Tells of changed counts, at most once a turn of the event loop. Returns the stop. */
export function watchCounts(
  store: Store,
  clock: Clock,
  bus: EventBus,
  listener: (counts: Counts) => void,
): () => void {
  let last = '';
  let scheduled = false;
  let ended = false;
  const look = (): void => {
    scheduled = false;
    // What was about to look when it was stopped would find the store closed.
    if (ended) return;
    const counts = readableCounts(store, clock);
    const text = JSON.stringify(counts);
    if (counts === null || text === last) return;
    last = text;
    listener(counts);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(look);
  };
  const stops = [bus.onEvents(schedule), bus.onWake(schedule), bus.onSlots(schedule)];
  schedule();
  return () => {
    ended = true;
    stops.forEach((stop) => stop());
  };
}

/** Null while the store cannot be read, which is said elsewhere. */
function readableCounts(store: Store, clock: Clock): Counts | null {
  try {
    return countJobs(store, clock);
  } catch (error) {
    if (error instanceof StoreUnavailable) return null;
    throw error;
  }
}

function attentionOf(event: JobEvent): Attention['kind'] | null {
  const metadata = parseEventMetadata(event.metadata);
  // A wait for a quota ends by itself.
  if (metadata?.event_type === 'waiting') return metadata.waiting_for === 'quota' ? null : 'needs_human';
  // Of a job that goes on by itself once a person has done something, as made room on a disk.
  if (metadata?.event_type === 'escalation' && metadata.severity === 'critical') return 'needs_human';
  if (metadata?.event_type !== 'state_transition') return null;
  if (metadata.to_state === 'completed') return 'completed';
  return metadata.to_state === 'failed' ? 'failed' : null;
}

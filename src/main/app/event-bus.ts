import type { JobEvent } from '../../shared/job.ts';
import type { FeedFrame } from '../../shared/events.ts';

/** An account that was signed out for good, of which its user must hear. */
export interface SignedOut {
  provider: string;
  accountId: string;
  name: string;
  /** One line: why, and what to do. */
  reason: string;
}

export type DeltaFrame = Extract<FeedFrame, { kind: 'delta' }>;

/** In-process announcements. Events are announced only after their commit (design.md §3); listeners must not throw. */
export interface EventBus {
  publish(events: readonly JobEvent[]): void;
  publishDelta(delta: DeltaFrame): void;
  publishSignedOut(notice: SignedOut): void;
  /** The queue or another process's events may have changed: look again. */
  wake(): void;
  /** A run has ended: those who count running jobs look again. */
  publishSlots(): void;
  onEvents(listener: (events: readonly JobEvent[]) => void): () => void;
  onDelta(listener: (delta: DeltaFrame) => void): () => void;
  onWake(listener: () => void): () => void;
  onSlots(listener: () => void): () => void;
  onSignedOut(listener: (notice: SignedOut) => void): () => void;
}

export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const events = listeners<readonly JobEvent[]>(onListenerError);
  const deltas = listeners<DeltaFrame>(onListenerError);
  const wakes = listeners<null>(onListenerError);
  const slots = listeners<null>(onListenerError);
  const signedOut = listeners<SignedOut>(onListenerError);
  return {
    publish: events.emit,
    publishDelta: deltas.emit,
    publishSignedOut: signedOut.emit,
    wake: () => wakes.emit(null),
    publishSlots: () => slots.emit(null),
    onEvents: events.on,
    onDelta: deltas.on,
    onWake: (listener) => wakes.on(listener),
    onSlots: (listener) => slots.on(listener),
    onSignedOut: signedOut.on,
  };
}

function listeners<T>(onError: (error: unknown) => void): {
  emit(value: T): void;
  on(listener: (value: T) => void): () => void;
} {
  const all = new Set<(value: T) => void>();
  return {
    emit: (value) => {
      for (const listener of [...all]) {
        try {
          listener(value);
        } catch (error) {
          onError(error);
        }
      }
    },
    on: (listener) => {
      all.add(listener);
      return () => all.delete(listener);
    },
  };
}

import type { FeedFrame, FeedRequest } from '../../../shared/events.ts';

/** Wall clock and timers, passed in so that tests can hold them. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A random UUID. */
  uuid(): string;
}

/** Removes secrets and personal data: secretlint's rules, e-mails, phone numbers, bearer tokens, the app's own token. */
export interface Redactor {
  text(value: string): Promise<string>;
  /** The same shape with every string inside redacted; keys stay. */
  value<T>(value: T): Promise<T>;
  /** A literal to remove from now on, for example the app's own API token. */
  addLiteral(secret: string): void;
}

/** One log of the app itself (not of jobs). Values must be redacted by the caller where they come from outside. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Live view of the event stream; replays what is stored above `after`, then follows without a gap or a repeat. */
export interface Feed {
  subscribe(request: FeedRequest, onFrame: (frame: FeedFrame) => void): () => void;
}

/** What is known of the process that runs, to name its leases and to judge those of others. */
export interface ProcessFacts {
  hostname: string;
  pid: number;
  /** Is a process of this host with that id alive. */
  isAlive(pid: number): boolean;
}

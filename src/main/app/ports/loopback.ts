import type { Result } from '../../../shared/errors.ts';

/** How the answer of a browser was taken; the page that it shows says so. */
export type AnswerOutcome = { kind: 'signed_in' } | { kind: 'failed'; message: string } | { kind: 'late' };

export interface ListenRequest {
  /** Name in the redirect address; `localhost` is listened to in both families. */
  host: string;
  /** The first that is free is taken; 0 stands for any. */
  ports: readonly number[];
  /** Exactly this; everything else is not found. */
  path: string;
  /** Of the page that the browser shows; null for that of the browser. */
  language: 'en' | 'ko' | null;
  /**
   * The one answer: parameters of a navigation with the state that was told to `expect`. Requests of other pages, with
   * another state, or after the first are refused and end nothing.
   */
  onAnswer: (parameters: URLSearchParams) => Promise<AnswerOutcome>;
}

export interface LoopbackListener {
  redirectUri: string;
  /** Until then every answer is refused. */
  expect(state: string): void;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** Fails with the sentence that tells why no port can be listened to. */
export type ListenLoopback = (request: ListenRequest) => Promise<Result<LoopbackListener, string>>;

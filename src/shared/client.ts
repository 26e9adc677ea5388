import type { Result } from './errors.ts';
import type { InputOf, OperationName, OutputOf } from './operations.ts';
import type { FeedFrame, FeedRequest } from './events.ts';

/** State of a subscription's connection, for a page that shows whether it is live. */
export type FeedStatus = 'connecting' | 'open' | 'closed';

/**
 * The one way a page reaches the engine: over IPC in the desktop, over HTTP in a browser. `call` never rejects.
 * A subscription replays persisted events above `after`, then follows; it reconnects by itself without a gap.
 */
export interface CrewClient {
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>>;
  subscribe(
    request: FeedRequest,
    onFrame: (frame: FeedFrame) => void,
    onStatus?: (status: FeedStatus) => void,
  ): () => void;
  /** What only one of the two edges has; null where it cannot be done. */
  readonly desktop: { pickFolder(): Promise<string | null> } | null;
}

/** The two channels of the preload, and the names the main process answers to. */
export const ipcChannels = { call: 'crew:call', feed: 'crew:feed' } as const;

/** What the preload exposes as `window.crew`: one call, one subscription. */
export interface CrewBridge {
  call(name: string, input: unknown): Promise<unknown>;
  subscribe(request: FeedRequest, onFrame: (frame: unknown) => void): () => void;
}

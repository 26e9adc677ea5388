import type { App, Feed, Ids, Log } from '../../../src/main/api/app.ts';
import { createInvoke, type Invoke } from '../../../src/main/api/invoke.ts';
import type { Result } from '../../../src/shared/errors.ts';
import type { FeedFrame, FeedRequest } from '../../../src/shared/events.ts';
import type { JobEvent } from '../../../src/shared/job.ts';
import { operationNames, type OperationName } from '../../../src/shared/operations.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';
import { samples } from './samples.ts';

export interface StubCall {
  name: OperationName;
  input: unknown;
  signal: AbortSignal;
}

/** What a test makes a handler do: null leaves the sample. */
export type Behaviour = (call: StubCall) => Result<unknown> | Promise<Result<unknown>> | null;

export interface StubEngine {
  app: App;
  invoke: Invoke;
  feed: StubFeed;
  log: Log;
  ids: Ids;
  /** Messages and fields logged so far. */
  logged: { message: string; fields: Record<string, unknown> }[];
  calls: StubCall[];
  behave(behaviour: Behaviour): void;
}

export interface StubFeed extends Feed {
  readonly subscribers: number;
  /** Requests of all subscriptions so far. */
  readonly requests: FeedRequest[];
  add(event: JobEvent): void;
  send(frame: FeedFrame): void;
  /** From now on a job's replay ends with `done`. */
  end(): void;
}

/** Feed over a list: replays what is above `after` at once, then follows; what the store's feed does with rows. */
export function createStubFeed(events: JobEvent[] = []): StubFeed {
  const listeners = new Map<symbol, (frame: FeedFrame) => void>();
  const requests: FeedRequest[] = [];
  let ended = false;
  const send = (frame: FeedFrame): void => {
    for (const listener of listeners.values()) listener(frame);
  };
  return {
    requests,
    get subscribers() {
      return listeners.size;
    },
    subscribe(request, onFrame) {
      requests.push(request);
      const key = Symbol('subscription');
      listeners.set(key, onFrame);
      const { after, job_id: jobId } = request;
      if (after !== undefined)
        for (const event of events.filter(({ id }) => id > after)) onFrame({ kind: 'event', event });
      if (ended && jobId !== undefined) onFrame({ kind: 'done', job_id: jobId });
      return () => listeners.delete(key);
    },
    add(event) {
      events.push(event);
      send({ kind: 'event', event });
    },
    send,
    end() {
      ended = true;
    },
  };
}

/** Every operation answers its sample unless the test says otherwise. */
export function createStubEngine(events: JobEvent[] = []): StubEngine {
  const logged: StubEngine['logged'] = [];
  const calls: StubCall[] = [];
  let behaviour: Behaviour = () => null;
  const feed = createStubFeed(events);
  const write = (message: string, fields: Record<string, unknown> = {}): void => {
    logged.push({ message, fields });
  };
  const log: Log = { info: write, warn: write, error: write };
  const ids: Ids = { uuid: () => 'correlation-1' };
  const handlers = Object.fromEntries(
    operationNames.map((name) => [
      name,
      async (input: unknown, signal: AbortSignal): Promise<Result<unknown>> => {
        const call = { name, input, signal };
        calls.push(call);
        return (await behaviour(call)) ?? { ok: true, value: samples[name].output };
      },
    ]),
  ) as unknown as App['handlers'];
  return {
    app: stubApp(handlers, feed),
    invoke: createInvoke({ handlers, log, ids, validateOutput: true }),
    feed,
    log,
    ids,
    logged,
    calls,
    behave: (next) => (behaviour = next),
  };
}

const stubApp = (handlers: App['handlers'], feed: Feed): App => ({
  handlers,
  feed,
  dataFolder: '/nowhere',
  apiToken: 'a-token',
  start: async () => {},
  stop: async () => {},
  settings: () => settingsSchema.parse({}),
  counts: () => ({ running: 0, waiting: 0, queued: 0 }),
  onCounts: () => () => {},
  onAttention: () => () => {},
});

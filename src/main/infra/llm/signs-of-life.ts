import type { ModelEvent } from '../../domain/model-messages.ts';

type Events = AsyncGenerator<ModelEvent, void, undefined>;

/** Pings and comments of a provider, that have no event in the SDK. */
export interface SignsOfLife {
  /** Told of one; many before the next event count as one. */
  heard(): void;
  /** The events, and an empty piece of reasoning for signs in between: who waits for an answer hears that it goes on. */
  among(events: Events): Events;
}

export function createSignsOfLife(): SignsOfLife {
  let tell: () => void = () => undefined;
  const nextSign = (): Promise<null> => new Promise((resolve) => (tell = () => resolve(null)));
  let sign = nextSign();
  return {
    heard: () => tell(),
    async *among(events) {
      try {
        for (let next = events.next(); ;) {
          const got = await Promise.race([next, sign]);
          if (got === null) {
            sign = nextSign();
            yield { type: 'reasoning', delta: '' };
            continue;
          }
          if (got.done === true) return;
          yield got.value;
          next = events.next();
        }
      } finally {
        // Not awaited: it may stand behind a read that only the closing of the connection ends.
        events.return(undefined).catch(() => undefined);
      }
    },
  };
}

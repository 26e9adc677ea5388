import { createParser } from 'eventsource-parser';

/** Longest event accepted, in UTF-16 units: a server that never ends one must not fill the memory. */
const maxEventLength = 16 * 1024 * 1024;

/** Server-sent events out of bytes, whatever way they are cut, UTF-8 sequences included. */
export interface EventStream {
  /** `data` of the events that these bytes end. Throws RangeError for an endless one. */
  feed(bytes: Uint8Array): string[];
  /** The event that the end of the stream ends, though its blank line is missing. */
  end(): string[];
  /** Comments since it was last asked: providers send them as a sign of life. */
  comments(): number;
}

export function createEventStream(): EventStream {
  const decoder = new TextDecoder('utf-8');
  let events: string[] = [];
  let comments = 0;
  const parser = createParser({
    onEvent: ({ data }) => void events.push(data),
    onComment: () => void (comments += 1),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded')
        throw new RangeError(`an event is longer than ${maxEventLength} characters`);
    },
    maxBufferSize: maxEventLength,
  });
  const take = (text: string): string[] => {
    parser.feed(text);
    const taken = events;
    events = [];
    return taken;
  };
  return {
    feed: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end: () => take(`${decoder.decode()}\n\n`),
    comments: () => {
      const seen = comments;
      comments = 0;
      return seen;
    },
  };
}

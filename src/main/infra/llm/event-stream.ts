import { createParser } from 'eventsource-parser';
import type { EventText } from './event-text.ts';

/** Longest event accepted, in UTF-16 units: a server that never ends one must not fill the memory. */
const maxEventLength = 16 * 1024 * 1024;

/** The `data` of server-sent events. */
export function createEventStream(): EventText {
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

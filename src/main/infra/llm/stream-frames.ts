import type { ModelError } from '../../domain/model-messages.ts';
import type { EventText } from './event-text.ts';
import { BrokenStream, ModelFailure, oneLine } from './model-failure.ts';
import { isObject, type JsonObject, type StreamReader } from './stream-reader.ts';

/** Text is held back for at most so long: about a frame of a screen, far below the 50 ms that somebody might notice. */
export const defaultFrameMs = 20;

export interface FrameOptions {
  /** What the events are written in. */
  text: EventText;
  reader: StreamReader;
  /** The provider's name, for messages. */
  name: string;
  /** Longest time that text is held back to be joined with what follows; 0 joins only what comes in one piece. */
  frameMs: number;
  /** The provider sent something that has no event. Must not throw. */
  onSignOfLife: () => void;
  /** Told before the frames end, at most once: an error in the stream, or a stream that ends before its last event. */
  onFailure: (failure: ModelFailure) => void;
}

/**
 * The events of a provider's stream as the SDK shall read them, some at a time. Events that add to the same text become one, because the SDK's cost is
 * by event: at 5,000 tokens a second it would be most of a core. The first event goes on at once, later ones at most
 * every `frameMs`. Ends after the protocol's last event, whether or not the body does.
 *
 * Never throws: an error would overtake, within the SDK's pipes, the text that came before it.
 */
export async function* framesOf(
  body: AsyncIterable<Uint8Array>,
  options: FrameOptions,
): AsyncGenerator<JsonObject[], void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  const frame = createFrame(options);
  let reading: Promise<void> | null = null;
  let sentMs = -Infinity;
  const read = async (): Promise<void> => {
    try {
      const next = await chunks.next();
      if (next.done === true) frame.bodyEnded();
      else frame.add(next.value);
    } catch (thrown) {
      frame.broken(thrown);
    }
    reading = null;
  };
  try {
    while (!frame.ended()) {
      const leftMs = frame.holds() ? sentMs + options.frameMs - performance.now() : Infinity;
      if (leftMs <= 0) {
        sentMs = performance.now();
        yield frame.take();
      } else {
        reading ??= read();
        await (leftMs === Infinity ? reading : atMost(leftMs, reading));
      }
    }
    if (frame.holds()) yield frame.take();
  } finally {
    // Not awaited: it may stand behind a read that only the closing of the connection ends.
    chunks.return?.().catch(() => undefined);
  }
}

/** Resolves with the promise, or after that time. */
async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/** What has been read and not yet been handed on. */
function createFrame({ text, reader, name, onSignOfLife, onFailure }: FrameOptions) {
  let events: JsonObject[] = [];
  let ended = false;

  const fail = (failure: ModelFailure): void => {
    if (!ended) onFailure(failure);
    ended = true;
  };
  const add = (data: string): void => {
    const event = data === '[DONE]' ? null : parsed(data, name);
    if (event === null) {
      ended = true;
      return;
    }
    const verdict = reader.read(event);
    if (verdict.is === 'failure') throw new ModelFailure(verdict.error);
    if (verdict.is === 'sign_of_life') return onSignOfLife();
    const open = events.at(-1);
    if (open === undefined || !reader.append(open, event)) events.push(event);
    ended = verdict.is === 'last';
  };
  const addAll = (list: readonly string[]): void => {
    for (const data of list) if (!ended) add(data);
    if (text.comments() > 0) onSignOfLife();
  };

  return {
    add: (bytes: Uint8Array) => addAll(text.feed(bytes)),
    bodyEnded: () => {
      addAll(text.end());
      if (!ended && !reader.mayEnd()) throw new ModelFailure(brokenOff(name, null));
      ended = true;
    },
    /** What was thrown by one of these, or by the reading of the body. */
    broken: (thrown: unknown) =>
      fail(thrown instanceof ModelFailure ? thrown : new BrokenStream(brokenOff(name, thrown), thrown)),
    ended: () => ended,
    holds: () => events.length > 0,
    take: () => {
      const taken = events;
      events = [];
      return taken;
    },
  };
}

function parsed(data: string, name: string): JsonObject {
  let event: unknown = null;
  try {
    event = JSON.parse(data);
  } catch {
    // Judged below, like any other wrong event.
  }
  if (isObject(event)) return event;
  const message = `${name} sent an event that is no JSON object: ${oneLine(data, 80)}`;
  throw new ModelFailure({ kind: 'bad_response', message });
}

const brokenOff = (name: string, thrown: unknown): ModelError => ({
  kind: 'bad_response',
  message:
    thrown instanceof RangeError
      ? `The answer of ${name} cannot be read: ${thrown.message}.`
      : `The answer of ${name} was cut off before its end.`,
});

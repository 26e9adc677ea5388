import type { EventText } from './event-text.ts';

/** Longest line accepted, in UTF-16 units: a server that never ends a line must not fill the memory. */
const maxLineLength = 8 * 1024 * 1024;

/** Lines; empty ones are left out. */
export function createLineStream(): EventText {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  const full = (line: string): boolean => line.trim() !== '';
  return {
    feed(bytes) {
      const lines = decoder.decode(bytes, { stream: true }).split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineLength)
        throw new RangeError(`a line is longer than ${maxLineLength} characters`);
      return lines.filter(full);
    },
    end() {
      const last = rest + decoder.decode();
      rest = '';
      return [last].filter(full);
    },
    comments: () => 0,
  };
}

/**
 * Lines of a byte stream; a last line without its newline is given. Throws what the stream throws, and RangeError for an
 * endless line.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const lines = createLineStream();
  for await (const bytes of body) yield* lines.feed(bytes);
  yield* lines.end();
}

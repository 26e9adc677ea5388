/** Longest line accepted, in UTF-16 units: a server that never ends a line must not fill the memory. */
const maxLineLength = 8 * 1024 * 1024;

/**
 * Lines of a byte stream, whatever way it is cut, UTF-8 sequences included; empty lines are left out, a last line
 * without its newline is given. Throws what the stream throws, and RangeError for an endless line.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const bytes of body) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength)
      throw new RangeError(`a line is longer than ${maxLineLength} characters`);
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}

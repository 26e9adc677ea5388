/** Texts up to this length, in characters, are looked at in one go. */
const sliceLength = 512 * 1024;
/** Longest key block that is kept in one piece; credentials.ts reads no further. */
const blockLength = 20_000;

/**
 * Cuts a very long text so that others get their turn between the pieces: at line breaks, which no secret but a key
 * block contains, and not inside such a block. Joined, the pieces are the text.
 */
export function sliceForRedaction(text: string): string[] {
  const slices: string[] = [];
  let start = 0;
  while (text.length - start > sliceLength) {
    const end = cutBefore(text, start, start + sliceLength);
    slices.push(text.slice(start, end));
    start = end;
  }
  slices.push(text.slice(start));
  return slices;
}

function cutBefore(text: string, start: number, limit: number): number {
  const lineEnd = text.lastIndexOf('\n', limit - 1);
  const cut = lineEnd > start ? lineEnd + 1 : limit;
  const block = text.lastIndexOf('-----BEGIN ', cut);
  const closed = text.lastIndexOf('-----END ', cut) > block;
  return block > start && !closed && cut - block < blockLength ? block : cut;
}

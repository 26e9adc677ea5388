/** `text` with its middle cut so that at most `max` characters remain, and a line that says how much was left out. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const keep = Math.floor((max - 60) / 2);
  return `${text.slice(0, keep)}\n… ${text.length - 2 * keep} characters cut …\n${text.slice(-keep)}`;
}

/** First line of `text`, at most `max` characters. */
export function firstLine(text: string, max: number): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

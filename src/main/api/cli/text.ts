/**
 * Text of models, repositories and people, made safe for a terminal: control characters other than tab and newline
 * could move the cursor, change the title or hide what was printed.
 */
// eslint-disable-next-line no-control-regex
export const clean = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');

/** On one line, at most `width` characters. */
export function oneLine(text: string, width = 80): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : line;
}

/** Columns padded to their widest cell; the last one is left as it is. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(line).join('\n');
}

/** `name: value` lines with the names aligned; null and empty values are left out. */
export function facts(pairs: readonly (readonly [string, string | number | null])[]): string {
  const shown = pairs.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width + 1)} ${clean(String(value))}`).join('\n');
}

/** Seconds or minutes out of milliseconds. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** One line of the table. Numbers that mean nothing without a unit carry it. */
export interface Row {
  name: string;
  ours: string;
  /** What it is held against in the same run; null where there is nothing. */
  baseline: string | null;
  ratio: number | null;
  /** What issue 2 asks for; null where it only asks to be told. */
  target: string | null;
  met: boolean | null;
}

/** A benchmark: what a filter selects. Rows come in the order in which they are printed. */
export interface Benchmark {
  name: string;
  run: () => Promise<Row[]>;
}

const headings = ['name', 'ours', 'baseline', 'ratio', 'target', 'met?'];

export const ms = (value: number): string =>
  `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

/** A part that is not on this machine. */
export const notMeasured = (name: string, reason: string): Row => ({
  name,
  ours: `not measured: ${reason}`,
  baseline: null,
  ratio: null,
  target: null,
  met: null,
});

/** Time against the same on `baseline`; met when the ratio is at most `limit`. */
export function atMost(name: string, oursMs: number, baselineMs: number, limit: number | null): Row {
  const ratio = oursMs / baselineMs;
  return {
    name,
    ours: ms(oursMs),
    baseline: ms(baselineMs),
    ratio,
    target: limit === null ? null : `≤ ${limit}×`,
    met: limit === null ? null : ratio <= limit,
  };
}

/** A time held against a limit of its own. */
export const below = (name: string, valueMs: number, ours: string, limitMs: number): Row => ({
  name,
  ours,
  baseline: null,
  ratio: null,
  target: `p99 < ${limitMs} ms`,
  met: valueMs < limitMs,
});

/** The rows as a Markdown table that also reads well in a terminal. */
export function table(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(headings), rule, ...cells.slice(1).map(line)].join('\n');
}

const cellsOf = ({ name, ours, baseline, ratio, target, met }: Row): string[] => [
  name,
  ours,
  baseline ?? '',
  ratio === null ? '' : ratio.toFixed(2),
  target ?? '',
  met === null ? '' : met ? 'yes' : 'no',
];

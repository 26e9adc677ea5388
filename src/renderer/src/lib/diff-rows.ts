import type { DiffLine, FileDiff, Hunk } from './diff.ts';

export type DiffView = 'unified' | 'split';
/** Part of a line that differs from its counterpart: from, to. */
export type Mark = readonly [number, number] | null;
export interface Side {
  line: DiffLine;
  mark: Mark;
}
export type DiffRow =
  | { kind: 'file'; key: string; file: FileDiff; isFolded: boolean }
  | { kind: 'none'; key: string }
  | { kind: 'big'; key: string; file: FileDiff }
  | { kind: 'hunk'; key: string; hunk: Hunk }
  | { kind: 'line'; key: string; side: Side }
  | { kind: 'pair'; key: string; left: Side | null; right: Side | null };

/** Changed lines above which a file is folded until asked for. */
export const bigFile = 1500;

/** One flat list of rows for all files. `folded` and `unfolded` are what the reader has chosen by hand. */
export function diffRows(
  files: readonly FileDiff[],
  view: DiffView,
  folded: ReadonlySet<string>,
  unfolded: ReadonlySet<string>,
): DiffRow[] {
  return files.flatMap((file): DiffRow[] => {
    const { path } = file;
    const isFolded = folded.has(path);
    const head: DiffRow = { kind: 'file', key: path, file, isFolded };
    if (isFolded) return [head];
    if (file.hunks.length === 0) return [head, { kind: 'none', key: `${path}\nnone` }];
    if (file.additions + file.deletions > bigFile && !unfolded.has(path))
      return [head, { kind: 'big', key: `${path}\nbig`, file }];
    return [head, ...file.hunks.flatMap((hunk, index) => hunkRows(hunk, `${path}\n${index}`, view))];
  });
}

function hunkRows(hunk: Hunk, key: string, view: DiffView): DiffRow[] {
  const rows: DiffRow[] = [{ kind: 'hunk', key, hunk }];
  const add = (row: { left: Side | null; right: Side | null }): void => {
    const rowKey = `${key}:${rows.length}`;
    rows.push({ kind: 'pair', key: rowKey, ...row });
  };
  for (const block of blocksOf(hunk.lines)) {
    if (view === 'split') pairUp(block).forEach(add);
    else for (const side of inOrder(block)) rows.push({ kind: 'line', key: `${key}:${rows.length}`, side });
  }
  return rows;
}

/** Runs of context, and runs of removed lines followed by added ones. */
function blocksOf(lines: readonly DiffLine[]): DiffLine[][] {
  const blocks: DiffLine[][] = [];
  let last: DiffLine | undefined;
  for (const line of lines) {
    const isSame =
      last &&
      (last.kind === 'context') === (line.kind === 'context') &&
      !(last.kind === 'add' && line.kind === 'del');
    if (isSame) blocks.at(-1)?.push(line);
    else blocks.push([line]);
    last = line;
  }
  return blocks;
}

type Pair = { left: Side | null; right: Side | null };

/** Lines that resemble each other stand side by side with their difference marked, the others in their order. */
function pairUp(block: readonly DiffLine[]): Pair[] {
  if (block[0]?.kind === 'context')
    return block.map((line) => ({ left: { line, mark: null }, right: { line, mark: null } }));
  const removed = block.filter((line) => line.kind === 'del');
  const added = block.filter((line) => line.kind === 'add');
  const pairs: Pair[] = [];
  let nextRemoved = 0;
  let nextAdded = 0;
  removed.forEach((left, index) => {
    const found = findAlike(left, added, nextAdded);
    if (!found) return;
    pairs.push(...zip(removed.slice(nextRemoved, index), added.slice(nextAdded, found.index)), found.pair);
    nextRemoved = index + 1;
    nextAdded = found.index + 1;
  });
  return [...pairs, ...zip(removed.slice(nextRemoved), added.slice(nextAdded))];
}

/** Lines looked ahead for a counterpart: keeps long blocks cheap. */
const lookAhead = 12;

function findAlike(
  left: DiffLine,
  added: readonly DiffLine[],
  from: number,
): { index: number; pair: Pair } | null {
  for (let index = from; index < Math.min(added.length, from + lookAhead); index += 1) {
    const right = added[index];
    const marks = right && marksOf(left.text, right.text);
    if (right && marks)
      return {
        index,
        pair: { left: { line: left, mark: marks[0] }, right: { line: right, mark: marks[1] } },
      };
  }
  return null;
}

const zip = (removed: readonly DiffLine[], added: readonly DiffLine[]): Pair[] =>
  Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => ({
    left: sideOf(removed[index]),
    right: sideOf(added[index]),
  }));
const sideOf = (line: DiffLine | undefined): Side | null => (line ? { line, mark: null } : null);

function inOrder(block: readonly DiffLine[]): Side[] {
  if (block[0]?.kind === 'context') return block.map((line) => ({ line, mark: null }));
  const pairs = pairUp(block);
  return [...pairs.flatMap(({ left }) => left ?? []), ...pairs.flatMap(({ right }) => right ?? [])];
}

/** What is between the common start and the common end of two lines; null when they have too little in common. */
export function marksOf(before: string, after: string): [Mark, Mark] | null {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const common = before.slice(0, start).trim().length + before.slice(before.length - end).trim().length;
  if (common * 5 < Math.max(before.trim().length, after.trim().length) * 2) return null;
  const mark = (text: string): Mark => (text.length - end > start ? [start, text.length - end] : null);
  return [mark(before), mark(after)];
}

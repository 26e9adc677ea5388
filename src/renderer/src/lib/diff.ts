export interface DiffLine {
  kind: 'context' | 'add' | 'del';
  oldNo: number | null;
  newNo: number | null;
  text: string;
}
export interface Hunk {
  /** What git says of the place: the function or heading it is in. */
  place: string;
  oldStart: number;
  newStart: number;
  lines: DiffLine[];
}
export interface FileDiff {
  path: string;
  /** Another path before, when renamed. */
  oldPath: string | null;
  status: 'modified' | 'added' | 'deleted' | 'renamed';
  hunks: Hunk[];
  additions: number;
  deletions: number;
}

/** Unified diff as `git diff` writes it. Never throws: what does not parse is left out. */
export function parseDiff(text: string): FileDiff[] {
  const files: FileDiff[] = [];
  let reader: HunkReader | null = null;
  for (const line of text.split('\n')) {
    const file = files.at(-1);
    if (reader?.take(line)) continue;
    if (line.startsWith('diff --git ')) {
      files.push(startFile(line));
      reader = null;
    } else if (file && line.startsWith('@@ ')) reader = startHunk(file, line);
    else if (file) readHeader(file, line);
  }
  return files;
}

function startFile(line: string): FileDiff {
  const path = pathsOf(line.slice('diff --git '.length));
  return { path, oldPath: null, status: 'modified', hunks: [], additions: 0, deletions: 0 };
}

/** `a/x b/x`, or quoted. Both are the same unless renamed, and then other headers name them. */
function pathsOf(rest: string): string {
  const quoted = /^"(?:[^"\\]|\\.)*" ("(?:[^"\\]|\\.)*")$/.exec(rest);
  if (quoted?.[1]) return withoutSide(unquote(quoted[1]));
  const half = rest.slice(0, (rest.length - 1) / 2);
  return withoutSide(half);
}
const withoutSide = (path: string): string => path.replace(/^[ab]\//, '');

function readHeader(file: FileDiff, line: string): void {
  if (line.startsWith('new file mode')) file.status = 'added';
  else if (line.startsWith('deleted file mode')) file.status = 'deleted';
  else if (line.startsWith('rename from ')) {
    file.status = 'renamed';
    file.oldPath = unquote(line.slice('rename from '.length));
  } else if (line.startsWith('rename to ')) file.path = unquote(line.slice('rename to '.length));
  else if (line.startsWith('+++ ') && !line.startsWith('+++ /dev/null'))
    file.path = withoutSide(unquote(line.slice(4).replace(/\t$/, '')));
}

/** Git quotes names with control characters, and bytes above 127, as C strings. */
export function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  const plain = new TextEncoder();
  const escapes: Record<string, number> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
  for (const [, octal, letter, char] of name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gsu)) {
    if (octal) bytes.push(parseInt(octal, 8));
    else if (letter) bytes.push(...(escapes[letter] ? [escapes[letter]] : plain.encode(letter)));
    else if (char) bytes.push(...plain.encode(char));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

interface HunkReader {
  take(line: string): boolean;
}

function startHunk(file: FileDiff, header: string): HunkReader | null {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(header);
  if (!match) return null;
  const [, oldStart = '0', oldCount = '1', newStart = '0', newCount = '1', place = ''] = match;
  const hunk: Hunk = { place, oldStart: Number(oldStart), newStart: Number(newStart), lines: [] };
  file.hunks.push(hunk);
  let oldNo = hunk.oldStart;
  let newNo = hunk.newStart;
  const oldEnd = oldNo + Number(oldCount);
  const newEnd = newNo + Number(newCount);
  return {
    // The counts say where the hunk ends: a removed line may itself read "-- a/file".
    take(line) {
      if (line.startsWith('\\')) return true;
      if (oldNo >= oldEnd && newNo >= newEnd) return false;
      const text = line.slice(1);
      if (line.startsWith('+')) {
        hunk.lines.push({ kind: 'add', oldNo: null, newNo: newNo++, text });
        file.additions += 1;
      } else if (line.startsWith('-')) {
        hunk.lines.push({ kind: 'del', oldNo: oldNo++, newNo: null, text });
        file.deletions += 1;
      } else if (line.startsWith(' ') || line === '') {
        hunk.lines.push({ kind: 'context', oldNo: oldNo++, newNo: newNo++, text });
      } else return false;
      return true;
    },
  };
}

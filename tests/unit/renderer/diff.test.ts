import { describe, expect, test } from 'vitest';
import { parseDiff, unquote } from '../../../src/renderer/src/lib/diff.ts';
import { diffRows, marksOf } from '../../../src/renderer/src/lib/diff-rows.ts';

const none: ReadonlySet<string> = new Set();
const modified = `diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -1,3 +1,4 @@ function a() {
 one
-const two = 1;
+const two = 2;
+three
 four
`;

describe('diffs', () => {
  test('lines carry their numbers on both sides', () => {
    const [file] = parseDiff(modified);
    expect(file).toMatchObject({ path: 'a.ts', status: 'modified', additions: 2, deletions: 1 });
    expect(file?.hunks[0]?.place).toBe('function a() {');
    expect(file?.hunks[0]?.lines.map(({ kind, oldNo, newNo }) => [kind, oldNo, newNo])).toEqual([
      ['context', 1, 1],
      ['del', 2, null],
      ['add', null, 2],
      ['add', null, 3],
      ['context', 3, 4],
    ]);
  });

  test('a removed line that looks like a header is a line', () => {
    const [file, ...others] = parseDiff(
      'diff --git a/q.sql b/q.sql\n--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,1 @@\n--- a/comment\n-diff --git a/x b/x\n+x\n',
    );
    expect(others).toEqual([]);
    expect(file).toMatchObject({ path: 'q.sql', additions: 1, deletions: 2 });
    expect(file?.hunks[0]?.lines[0]?.text).toBe('-- a/comment');
  });

  test('new, deleted, renamed and binary files', () => {
    const files = parseDiff(
      [
        'diff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x',
        'diff --git a/old b/old\ndeleted file mode 100644\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file',
        'diff --git a/from me b/to me\nsimilarity index 100%\nrename from from me\nrename to to me',
        'diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ',
      ].join('\n'),
    );
    expect(files.map(({ path, oldPath, status, hunks }) => [path, oldPath, status, hunks.length])).toEqual([
      ['new', null, 'added', 1],
      ['old', null, 'deleted', 1],
      ['to me', 'from me', 'renamed', 0],
      ['p.png', null, 'modified', 0],
    ]);
  });

  test('names as git quotes them', () => {
    expect(unquote('"b/\\354\\235\\274 \\"q\\"\\n\\\\.txt"')).toBe('b/일 "q"\n\\.txt');
    const [file] = parseDiff('diff --git "a/\\354\\235\\274" "b/\\354\\235\\274"\nBinary files differ');
    expect(file?.path).toBe('일');
  });

  test('a cut or senseless diff is no error', () => {
    for (let length = 0; length < modified.length; length += 7) parseDiff(modified.slice(0, length));
    expect(parseDiff('@@ nonsense')).toEqual([]);
  });

  test('split: lines that resemble each other stand side by side', () => {
    const rows = diffRows(parseDiff(modified), 'split', none, none);
    const pairs = rows.flatMap((row) =>
      row.kind === 'pair' ? [[row.left?.line.text ?? null, row.right?.line.text ?? null]] : [],
    );
    expect(pairs).toEqual([
      ['one', 'one'],
      ['const two = 1;', 'const two = 2;'],
      [null, 'three'],
      ['four', 'four'],
    ]);
  });

  test('marks what differs between two lines that resemble each other', () => {
    expect(marksOf('const two = 1;', 'const two = 12;')).toEqual([null, [13, 14]]);
    expect(marksOf('const two = 1;', 'const two = 3;')).toEqual([
      [12, 13],
      [12, 13],
    ]);
    expect(marksOf('apples', 'oranges and more')).toBeNull();
  });

  test('a very large file waits to be asked for', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `+${index}`).join('\n');
    const files = parseDiff(
      `diff --git a/big b/big\n--- /dev/null\n+++ b/big\n@@ -0,0 +1,2000 @@\n${lines}\n`,
    );
    expect(diffRows(files, 'unified', none, none).map((row) => row.kind)).toEqual(['file', 'big']);
    expect(diffRows(files, 'unified', none, new Set(['big']))).toHaveLength(2002);
    expect(diffRows(files, 'unified', new Set(['big']), none).map((row) => row.kind)).toEqual(['file']);
  });
});

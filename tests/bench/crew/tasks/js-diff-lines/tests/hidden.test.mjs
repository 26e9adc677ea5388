import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { diffLines } = await import(pathToFileURL(join(process.cwd(), 'src/diff.js')).href);
const show = (a, b) => diffLines([...a], [...b]).map(({ kind, text }) => kind + text);

test('same', () => assert.deepEqual(show('ab', 'ab'), [' a', ' b']));
test('empty', () => assert.deepEqual([show('', ''), show('a', ''), show('', 'a')], [[], ['-a'], ['+a']]));
test('few changes', () => {
  for (const [a, b, least] of [['abcabba', 'cbabac', 5], ['xaxbxc', 'abc', 3], ['kitten', 'sitting', 5]]) {
    const got = show(a, b);
    assert.equal(got.filter((line) => line[0] !== ' ').length, least);
    assert.equal(got.filter((line) => line[0] !== '+').map((line) => line[1]).join(''), a);
    assert.equal(got.filter((line) => line[0] !== '-').map((line) => line[1]).join(''), b);
    assert.doesNotMatch(got.map((line) => line[0]).join(''), /\+-/);
  }
});

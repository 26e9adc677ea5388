import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from '../src/diff.js';

test('one changed line', () => {
  const got = diffLines(['a', 'b', 'c'], ['a', 'x', 'c']).map(({ kind, text }) => kind + text);
  assert.deepEqual(got, [' a', '-b', '+x', ' c']);
});

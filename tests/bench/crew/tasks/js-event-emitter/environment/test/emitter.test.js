import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../src/emitter.js';

test('tells', () => {
  const got = [];
  const emitter = new Emitter();
  const stop = emitter.on('a', (x) => got.push(x));
  emitter.emit('a', 1);
  stop();
  emitter.emit('a', 2);
  assert.deepEqual(got, [1]);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { Emitter } = await import(pathToFileURL(join(process.cwd(), 'src/emitter.js')).href);

test('one that removes itself', () => {
  const got = [];
  const emitter = new Emitter();
  const stop = emitter.on('a', () => (got.push(1), stop()));
  emitter.on('a', () => got.push(2));
  emitter.emit('a');
  assert.deepEqual(got, [1, 2]);
});
test('one that throws', () => {
  const got = [];
  const emitter = new Emitter();
  emitter.on('a', () => { throw new Error('first'); });
  emitter.on('a', () => got.push(2));
  emitter.on('a', () => { throw new Error('second'); });
  assert.throws(() => emitter.emit('a'), { message: 'first' });
  assert.deepEqual(got, [2]);
});
test('once', () => {
  const got = [];
  const emitter = new Emitter();
  emitter.once('a', (x) => (got.push(x), emitter.emit('a', x + 1)));
  emitter.emit('a', 1);
  emitter.emit('a', 5);
  assert.deepEqual(got, [1]);
});
test('a name like a method of objects', () => {
  const emitter = new Emitter();
  emitter.emit('constructor');
  emitter.on('toString', () => {});
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { LruCache } = await import(pathToFileURL(join(process.cwd(), 'src/lru.js')).href);

test('a read is a use', () => {
  const cache = new LruCache(2);
  cache.set('a', undefined);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  assert.deepEqual([cache.has('a'), cache.has('b'), cache.has('c')], [true, false, true]);
});
test('replacing drops nothing and is a use', () => {
  const cache = new LruCache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('a', 3);
  assert.equal(cache.size, 2);
  assert.equal(cache.get('b'), 2);
  cache.set('a', 4);
  cache.set('c', 5);
  assert.deepEqual([cache.has('a'), cache.has('b')], [true, false]);
});
test('asking for what is not there adds nothing', () => {
  const cache = new LruCache(1);
  assert.equal(cache.get('x'), undefined);
  assert.equal(cache.size, 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LruCache } from '../src/lru.js';

test('drops the oldest', () => {
  const cache = new LruCache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('c', 3);
  assert.equal(cache.has('a'), false);
  assert.equal(cache.size, 2);
});
test('a read is a use', () => {
  const cache = new LruCache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  assert.equal(cache.has('a'), true);
});

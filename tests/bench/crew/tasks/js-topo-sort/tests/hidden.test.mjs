import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { order } = await import(pathToFileURL(join(process.cwd(), 'src/order.js')).href);

test('alphabetical', () => assert.deepEqual(order({ z: [], b: [], a: ['z'] }), ['b', 'z', 'a']));
test('a diamond', () => assert.deepEqual(order({ d: ['b', 'c'], c: ['a'], b: ['a'], a: [] }), ['a', 'b', 'c', 'd']));
test('a circle', () => assert.throws(() => order({ x: [], b: ['a'], a: ['b'] }), { message: 'circle: a -> b -> a' }));
test('itself', () => assert.throws(() => order({ a: ['a'] }), { message: 'circle: a -> a' }));
test('unknown', () => assert.throws(() => order({ y: ['x'] }), { message: 'unknown: x, needed by y' }));
test('nothing', () => assert.deepEqual(order({}), []));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { order } from '../src/order.js';

test('a chain', () => assert.deepEqual(order({ c: ['b'], b: ['a'], a: [] }), ['a', 'b', 'c']));

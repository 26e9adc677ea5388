import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../src/csv.js';

test('plain', () => assert.deepEqual(parseCsv('a,b\nc,d'), [['a', 'b'], ['c', 'd']]));
test('quoted', () => assert.deepEqual(parseCsv('"a,b",c'), [['a,b', 'c']]));

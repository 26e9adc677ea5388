import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumRange } from '../src/range.js';

test('adds both ends', () => assert.equal(sumRange(1, 4), 10));

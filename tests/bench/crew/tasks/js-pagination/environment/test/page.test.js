import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page } from '../src/page.js';

test('first page', () => assert.deepEqual(page([1, 2, 3], 1, 2).items, [1, 2]));

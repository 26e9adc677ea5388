import assert from 'node:assert/strict';
import { test } from 'node:test';
import { area } from '../src/index.js';

test('area', () => assert.equal(area(2, 3), 6));

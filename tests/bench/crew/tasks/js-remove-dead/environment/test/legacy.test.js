import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legacy } from '../src/legacy.js';

test('legacy', () => assert.equal(legacy(), 'old'));

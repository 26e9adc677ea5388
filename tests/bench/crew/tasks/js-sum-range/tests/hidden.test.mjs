import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { sumRange } = await import(pathToFileURL(join(process.cwd(), 'src/range.js')).href);

test('both ends', () => assert.equal(sumRange(1, 4), 10));
test('either order', () => assert.equal(sumRange(4, 1), 10));
test('one number', () => assert.equal(sumRange(3, 3), 3));
test('negative', () => assert.equal(sumRange(-2, 2), 0));

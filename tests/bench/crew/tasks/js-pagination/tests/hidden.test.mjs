import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { page } = await import(pathToFileURL(join(process.cwd(), 'src/page.js')).href);

test('last page', () => assert.deepEqual(page([1, 2, 3], 2, 2), { items: [3], page: 2, pages: 2, total: 3 }));
test('empty', () => assert.deepEqual(page([], 1, 2), { items: [], page: 1, pages: 1, total: 0 }));
test('out of range', () => {
  assert.equal(page([1, 2, 3], 9, 2).page, 2);
  assert.equal(page([1, 2, 3], 0, 2).page, 1);
});
for (const size of [0, -1, 1.5, NaN]) test(`size ${size}`, () => assert.throws(() => page([1], 1, size), RangeError));

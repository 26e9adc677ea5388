import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

test('gone', async () => {
  assert.equal(existsSync('src/legacy.js'), false);
  assert.equal(existsSync('test/legacy.test.js'), false);
  const index = await import(pathToFileURL(join(process.cwd(), 'src/index.js')).href);
  assert.deepEqual(Object.keys(index), ['area']);
  assert.equal(index.area(3, 4), 12);
  assert.equal(existsSync('test/area.test.js'), true);
});

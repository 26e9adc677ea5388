import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { retry } = await import(pathToFileURL(join(process.cwd(), 'src/retry.js')).href);

test('waits and throws', async () => {
  const waits = [];
  let n = 0;
  const failing = () => Promise.reject(new Error(`try ${(n += 1)}`));
  await assert.rejects(retry(failing, { times: 4, waitMs: 10, pause: async (ms) => void waits.push(ms) }), { message: 'try 4' });
  assert.deepEqual(waits, [10, 20, 40]);
});
test('permanent', async () => {
  let n = 0;
  const failing = async () => {
    n += 1;
    throw Object.assign(new Error('gone'), { permanent: true });
  };
  await assert.rejects(retry(failing, { pause: async () => {} }), { message: 'gone' });
  assert.equal(n, 1);
});

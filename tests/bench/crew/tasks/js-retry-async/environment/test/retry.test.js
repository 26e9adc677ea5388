import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from '../src/retry.js';

test('tries again', async () => {
  let n = 0;
  const got = await retry(async () => {
    n += 1;
    if (n < 2) throw new Error('no');
    return n;
  }, { pause: async () => {} });
  assert.equal(got, 2);
});

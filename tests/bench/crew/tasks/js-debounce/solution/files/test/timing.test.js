import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debounce, pause } from '../src/timing.js';

test('pauses', async () => assert.equal(await pause(1), undefined));
test('calls once with the last arguments', async () => {
  const calls = [];
  const run = debounce((x) => calls.push(x), 1);
  run(1);
  run(2);
  run.flush();
  assert.deepEqual(calls, [2]);
});

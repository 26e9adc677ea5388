import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { debounce, pause } = await import(pathToFileURL(join(process.cwd(), 'src/timing.js')).href);

function fakeClock() {
  let now = 0;
  let next = 1;
  const timers = new Map();
  return {
    setTimeout: (fn, ms) => (timers.set(next, { fn, at: now + ms }), next++),
    clearTimeout: (id) => void timers.delete(id),
    pass(ms) {
      now += ms;
      for (const [id, timer] of [...timers]) if (timer.at <= now) (timers.delete(id), timer.fn());
    },
  };
}

test('once, with the last arguments', () => {
  const clock = fakeClock();
  const calls = [];
  const run = debounce((...args) => calls.push(args), 10, clock);
  run(1);
  clock.pass(9);
  run(2, 3);
  clock.pass(9);
  assert.deepEqual(calls, []);
  clock.pass(1);
  assert.deepEqual(calls, [[2, 3]]);
});
test('cancel and flush', () => {
  const clock = fakeClock();
  const calls = [];
  const run = debounce((x) => calls.push(x), 10, clock);
  run.flush();
  run('a');
  run.flush();
  clock.pass(20);
  run('b');
  run.cancel();
  clock.pass(20);
  assert.deepEqual(calls, ['a']);
});
test('the old export stays', async () => assert.equal(await pause(1), undefined));

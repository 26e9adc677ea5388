import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { JobRun } from '../../../src/main/app/crew/engine.ts';
import { createProgress } from '../../../src/main/app/crew/progress.ts';

/** A run that stores lines until it is stopped. */
function recordingRun() {
  const lines: string[] = [];
  const state = { stopped: false };
  const commit = async ([command]: { message: string }[]): Promise<void> => {
    await nextTurn();
    if (state.stopped) throw new Error('the run was stopped');
    lines.push(command?.message ?? '');
  };
  return { lines, state, run: { commit } as unknown as JobRun };
}

it('stores lines in their order', async () => {
  const { lines, run } = recordingRun();
  const progress = createProgress(run);
  ['one', 'two', 'three'].forEach(progress.tell);
  await progress.settled();
  expect(lines).toEqual(['one', 'two', 'three']);
});

it('keeps the failure of a line until it is asked for, and stores none after it', async () => {
  const { lines, state, run } = recordingRun();
  const progress = createProgress(run);
  progress.tell('one');
  await progress.settled();
  state.stopped = true;
  progress.tell('two');
  // An unhandled rejection would show by now.
  await nextTurn();
  await nextTurn();
  state.stopped = false;
  progress.tell('three');
  await expect(progress.settled()).rejects.toThrow('stopped');
  expect(lines).toEqual(['one']);
});

import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { Clock, Ids } from '../../app/ports/system.ts';

/** Longest delay a timer of Node takes, in ms. */
const maxDelayMs = 2 ** 31 - 1;

export const createSystemClock = (): Clock => ({
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(Math.min(Math.max(ms, 0), maxDelayMs), undefined, { signal });
  },
});

export const createRandomIds = (): Ids => ({ uuid: () => randomUUID() });

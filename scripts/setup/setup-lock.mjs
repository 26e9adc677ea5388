import { withLock } from '../lib/lock.mjs';
import { say } from '../lib/log.mjs';
import { inCache } from '../lib/paths.mjs';

/**
 * One launcher at a time changes the checkout's caches; another one waits and then finds the work done.
 * @template T
 * @param {() => Promise<T>} work
 */
export const setupLock = (work) =>
  withLock(inCache('setup.lock'), work, (pid) =>
    say(`waiting for another dev-crew set-up (process ${pid}) …`),
  );

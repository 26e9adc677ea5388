import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a lock held by another process is looked at; there is no event to wait for between processes. */
const pollMs = 100;
/** A takeover that is older than this was left by a process that died during it. */
const takeoverMs = 30_000;

export interface Locks {
  /**
   * Runs `work` while no other holder of `name` runs, in this process or another one that shares `folder`. The lock
   * of a process that died is taken over. Rejects with the signal's reason when aborted while waiting.
   */
  hold<T>(
    name: string,
    signal: AbortSignal | undefined,
    onWait: () => void,
    work: () => Promise<T>,
  ): Promise<T>;
}

/** A lock is a folder that holds its owner; it appears in one step, by rename. `name` is a plain file name. */
export function createLocks(folder: string): Locks {
  const tails = new Map<string, Promise<unknown>>();
  const holdHere = async <T>(
    name: string,
    signal: AbortSignal | undefined,
    onWait: () => void,
    work: () => Promise<T>,
  ): Promise<T> => {
    const path = join(folder, name);
    await acquire(path, signal, onWait);
    try {
      return await work();
    } finally {
      await discard(path);
    }
  };
  return {
    hold(name, signal, onWait, work) {
      const before = tails.get(name) ?? Promise.resolve();
      if (tails.has(name)) onWait();
      const mine = abortable(before, signal).then(() => holdHere(name, signal, onWait, work));
      const tail = Promise.allSettled([before, mine]).then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
      tails.set(name, tail);
      return mine;
    },
  };
}

/** Settles with `promise`, or rejects with the signal's reason if that comes first. */
function abortable(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}

/** Away in one step, so that what comes under the same name right after is not touched. */
async function discard(path: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch {
    return;
  }
  await rm(away, { recursive: true, force: true });
}

async function acquire(path: string, signal: AbortSignal | undefined, onWait: () => void): Promise<void> {
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    if (await tryAcquire(path)) return;
    if (await takeOver(path)) continue;
    if (!told) onWait();
    told = true;
    await delay(pollMs, undefined, signal ? { signal } : {});
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(join(draft, 'owner'), `${process.pid} ${await startOf(process.pid)}`);
    await rename(draft, path);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (isCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    // What Windows says for the same.
    if (isCode(error, 'EPERM', 'EACCES') && (await exists(path))) return false;
    throw error;
  }
}

/** Removes the lock if its owner is gone. One process at a time does this, so that no fresh lock is removed. */
async function takeOver(path: string): Promise<boolean> {
  if (!(await exists(path))) return true;
  if (await ownerLives(path)) return false;
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const age = await stat(guard).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    );
    if (age > takeoverMs) await rmdir(guard).catch(() => undefined);
    return false;
  }
  try {
    if (await ownerLives(path)) return false;
    await discard(path);
    return true;
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function ownerLives(path: string): Promise<boolean> {
  const text = await readFile(join(path, 'owner'), 'utf8').catch(() => null);
  if (text === null) return false;
  const [pid = '', start = ''] = text.split(' ');
  return (await startOf(Number(pid))) === start;
}

/** What tells a process from a later one with the same number; empty when there is none. */
async function startOf(pid: number): Promise<string> {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isCode(error, 'EPERM')) return '';
  }
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return 'alive';
  // Fields follow the name in parentheses, which may hold spaces; the start time is the 22nd field.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

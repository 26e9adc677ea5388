import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Query } from './connection.ts';

/**
 * Milliseconds between looks after a sign of life in the file. A commit becomes visible only after its fsync, a moment
 * after the write that we are told of, and nothing tells of that; so the looks go on for a second, ever more rarely.
 */
const looksMs = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Only where the file system cannot be watched: how often to look instead. */
const fallbackMs = 500;

interface Deps {
  path: string;
  /** `PRAGMA data_version`: changes when, and only when, another connection has committed. */
  dataVersion: Query<[], { data_version: number }>;
  onUnwatchable: (error: Error) => void;
}

/**
 * Tells of commits by other processes, by watching the folder of the file: no work while nothing is written. Our own
 * commits lead to a look as well (a few microseconds), which finds nothing.
 */
export function watchForeignCommits(deps: Deps, listener: () => void): () => void {
  let seen = deps.dataVersion.get()?.data_version;
  let timer: NodeJS.Timeout | null = null;
  let looks = 0;

  const look = (): void => {
    timer = null;
    const version = deps.dataVersion.get()?.data_version;
    if (version !== seen) {
      seen = version;
      listener();
    }
    looks += 1;
    const delay = looksMs[looks];
    if (delay !== undefined) timer = setTimeout(look, delay).unref();
  };
  const wake = (): void => {
    if (timer !== null && looks === 0) return;
    if (timer !== null) clearTimeout(timer);
    looks = 0;
    timer = setTimeout(look, looksMs[0]).unref();
  };
  const stopWatching = watchFolder(deps, wake);
  return () => {
    stopWatching();
    if (timer !== null) clearTimeout(timer);
  };
}

function watchFolder(deps: Deps, wake: () => void): () => void {
  const file = basename(deps.path);
  let fallback: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;
  const fallBack = (error: Error): void => {
    watcher?.close();
    watcher = null;
    deps.onUnwatchable(error);
    fallback ??= setInterval(wake, fallbackMs).unref();
  };
  try {
    // The folder, not the -wal file: that one is removed and made again.
    watcher = watch(dirname(deps.path), { persistent: false }, (_event, name) => {
      if (name === null || name === file || name === `${file}-wal`) wake();
    }).on('error', fallBack);
  } catch (error) {
    fallBack(error instanceof Error ? error : new Error(String(error)));
  }
  return () => {
    watcher?.close();
    if (fallback !== null) clearInterval(fallback);
  };
}

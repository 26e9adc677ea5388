import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Query } from './connection.ts';

/** Delay of the first look after a sign of life in the file, which gathers the signs of one commit; then doubling. */
const firstLookMs = 2;
const longestLookMs = 32;

/** Only where the file system cannot be watched: how often to look instead. */
const fallbackMs = 500;

interface Deps {
  path: string;
  /** `PRAGMA data_version`: changes when, and only when, another connection has committed. */
  dataVersion: Query<[], { data_version: number }>;
  /** True when no process is in the middle of a write at this moment. */
  isIdle: () => boolean;
  onTrouble: (message: string, error: Error) => void;
}

/**
 * Tells of commits by other processes, by watching the folder of the file: no work while nothing is written. The sign
 * comes when a commit is written, and it becomes visible only after its fsync, of which there is no sign. A writer holds
 * the write lock from before the first until after the second, so we look until no more signs come and that lock is
 * free, and no longer. Our own commits lead to looks as well (some microseconds), which find nothing.
 */
export function watchForeignCommits(deps: Deps, listener: () => void): () => void {
  let seen = deps.dataVersion.get()?.data_version;
  let timer: NodeJS.Timeout | null = null;
  let signs = 0;
  let answered = 0;

  const look = (delayMs: number): void => {
    timer = setTimeout(() => {
      timer = null;
      // Asking for the lock costs more than looking, so it waits for the last look.
      const quiet = signs === answered;
      answered = signs;
      // In this order: whatever was committed before an idle moment is visible after it.
      const { idle, version } = read(deps, seen, quiet);
      if (!idle) look(quiet ? Math.min(delayMs * 2, longestLookMs) : firstLookMs);
      if (version === seen) return;
      seen = version;
      listener();
    }, delayMs).unref();
  };
  const stopWatching = watchFolder(deps, () => {
    signs += 1;
    if (timer === null) look(firstLookMs);
  });
  return () => {
    stopWatching();
    if (timer !== null) clearTimeout(timer);
  };
}

/** A disk that fails under us is told where somebody asks for data; here it must not end the process. */
function read(
  deps: Deps,
  seen: number | undefined,
  quiet: boolean,
): { idle: boolean; version: number | undefined } {
  try {
    const idle = quiet && deps.isIdle();
    return { idle, version: deps.dataVersion.get()?.data_version };
  } catch (error) {
    deps.onTrouble('looking for commits of other processes failed', asError(error));
    return { idle: true, version: seen };
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function watchFolder(deps: Deps, wake: () => void): () => void {
  const file = basename(deps.path);
  let fallback: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;
  const fallBack = (error: Error): void => {
    watcher?.close();
    watcher = null;
    deps.onTrouble('the data folder cannot be watched: looking twice a second', error);
    fallback ??= setInterval(wake, fallbackMs).unref();
  };
  try {
    // The folder, not the -wal file: that one is removed and made again.
    watcher = watch(dirname(deps.path), { persistent: false }, (_event, name) => {
      if (name === null || name === file || name === `${file}-wal`) wake();
    }).on('error', fallBack);
  } catch (error) {
    fallBack(asError(error));
  }
  return () => {
    watcher?.close();
    if (fallback !== null) clearInterval(fallback);
  };
}

import { existsSync, renameSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../../app/ports/store.ts';
import type { Log } from '../../app/ports/system.ts';
import { withFile, type OpenFile } from './json-lines-file.ts';
import { auditSource, escalationSource, type LineSource } from './mirrored-tables.ts';

/** Commits within this time are appended together. */
const gatherMs = 20;
/** Records of one append: few enough to hold the database's write lock for about a millisecond. */
const batchSize = 200;

export interface LogMirrorDeps {
  store: Store;
  auditPath: string;
  escalationPath: string;
  log: Log;
}

/** Neither call throws: a file that cannot be written is logged once and tried again at the next commit. */
export interface LogMirror {
  /** Something was committed. Returns at once; the files follow within milliseconds. */
  poke(): void;
  /** Resolves once everything committed so far was tried to be written. */
  flush(): Promise<void>;
  /** The last flush. Later pokes do nothing. */
  close(): Promise<void>;
}

/**
 * Copies audit records and escalations into their JSON Lines files, each exactly once and in order. The file itself is
 * the cursor: its last line says how far it is, so neither kill -9 nor a deleted file can make the two disagree.
 * Several processes may write the same file: appends happen under the database's write lock (a transaction that
 * writes nothing, which costs no fsync). Catches up by itself when created.
 */
export function createLogMirror({ store, auditPath, escalationPath, log }: LogMirrorDeps): LogMirror {
  const files = [
    createMirroredFile(store, auditPath, auditSource(store.tables.audit), log),
    createMirroredFile(store, escalationPath, escalationSource(store.tables.escalations), log),
  ];
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const drain = async (): Promise<void> => {
    for (const file of files) while (file.appendBatch() === 'more') await nextTurn();
  };
  const start = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    running = running.then(drain);
    return running;
  };
  const poke = (): void => {
    if (!closed) timer ??= setTimeout(() => void start(), gatherMs).unref();
  };
  poke();
  return {
    poke,
    flush: start,
    close: async () => {
      if (closed) return;
      closed = true;
      await start();
    },
  };
}

interface MirroredFile {
  /** Must not throw. */
  appendBatch(): 'more' | 'done';
}

/** What the file looked like when we last left it, and the last record in it. */
interface Position {
  identity: string;
  size: number;
  seq: number;
}

function createMirroredFile(store: Store, path: string, source: LineSource, log: Log): MirroredFile {
  let known: Position | null = null;
  let failing = false;

  const append = (file: OpenFile): 'more' | 'done' => {
    const unchanged = known !== null && known.identity === file.identity && known.size === file.size;
    const seq = unchanged && known !== null ? known.seq : locate(source, file, known?.seq ?? 0);
    const rows = source.since(seq, batchSize);
    const size = file.append(rows.map((row) => row.line));
    known = { identity: file.identity, size, seq: rows.at(-1)?.seq ?? seq };
    return rows.length === batchSize ? 'more' : 'done';
  };
  const appendLocked = (): 'more' | 'done' => {
    if (known !== null && !source.hasSince(known.seq)) return 'done';
    return store.transaction(() => {
      try {
        return withFile(path, append);
      } catch (error) {
        if (!(error instanceof ForeignFile)) throw error;
        log.warn(`the ${source.name} log is not of this database: set aside`, { path, to: setAside(path) });
        known = null;
        return withFile(path, append);
      }
    });
  };
  return {
    appendBatch: () => {
      try {
        const outcome = appendLocked();
        if (failing) log.info(`the ${source.name} log is written again`, { path });
        failing = false;
        return outcome;
      } catch (error) {
        if (!failing)
          log.error(`the ${source.name} log cannot be written; trying again later`, reason(error));
        failing = true;
        return 'done';
      }
    },
  };
  function reason(error: unknown): Record<string, unknown> {
    return { path, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The file ends in something that this database has not written. */
class ForeignFile extends Error {}

/**
 * The number of the last record in the file, 0 in an empty one. A last line torn by kill -9 or a full disk is cut off,
 * but only where it is the beginning of the record that comes next: nothing that is not ours is ever removed.
 */
function locate(source: LineSource, file: OpenFile, hint: number): number {
  const { lastLine, torn } = file.end();
  const seq = lastLine === null ? 0 : (source.seqOf(lastLine, hint) ?? source.seqOf(lastLine, 0));
  if (seq === null) throw new ForeignFile();
  if (torn.length > 0) {
    const next = Buffer.from(source.since(seq, 1)[0]?.line ?? '');
    if (!next.subarray(0, torn.length).equals(torn)) throw new ForeignFile();
    file.repair(torn);
  }
  return seq;
}

/** Renames to the first free `<path>.old-<n>`. */
function setAside(path: string): string {
  for (let number = 1; ; number += 1) {
    const target = `${path}.old-${number}`;
    if (existsSync(target)) continue;
    renameSync(path, target);
    return target;
  }
}

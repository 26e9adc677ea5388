import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';
import type { Store } from '../../../src/main/app/ports/store.ts';
import {
  createSqliteStore,
  type SqliteStoreOptions,
} from '../../../src/main/infra/sqlite/create-sqlite-store.ts';

export { jobRecord } from './step.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A folder that is removed after the test; readable for other users, as tests that run as root need. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dev-crew-store-'));
  chmodSync(folder, 0o755);
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a store that is closed after the test; throws where it cannot be opened. */
export function openStore(path: string, options: Omit<SqliteStoreOptions, 'path'> = {}): Store {
  const opened = createSqliteStore({ path, ...options });
  if (!opened.ok) throw new Error(opened.error.message);
  cleanups.push(() => opened.value.close());
  return opened.value;
}

export const newStore = (): Store => openStore(join(temporaryFolder(), 'jobs.db'));

/** A second process on a script of this folder. It is killed after the test at the latest. */
export interface Peer {
  process: ChildProcess;
  /** The next line of its output; rejects when it ended without one. */
  line(): Promise<string>;
  tell(message: string): void;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Its exit code once it ended by itself. */
  exited(): Promise<number | null>;
}

export function startPeer(script: string, args: readonly string[], asUser?: number): Peer {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: [],
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    ...(asUser === undefined ? {} : { uid: asUser, gid: asUser }),
  });
  cleanups.push(() => child.kill('SIGKILL'));
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  return {
    process: child,
    line: async () => {
      const next = await lines.next();
      if (next.done) throw new Error(`${script} ended without a word`);
      return next.value;
    },
    tell: (message) => void stdin.write(`${message}\n`),
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    exited: async () => ((await exit) as [number | null])[0],
  };
}

import { join } from 'node:path';
import type { AppError } from '../../shared/errors.ts';
import type { Compose } from './app.ts';
import { defaultDataFolder } from './data-folder.ts';
import { startEngineServer, type EngineServer } from './engine-server.ts';
import { createFileLog } from './log.ts';

export interface ServeOptions {
  compose: Compose;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
  webRoot: string | null;
  host: string;
  port: number;
  allowedHosts: readonly string[];
  /** Told once, when requests are answered and jobs are claimed. */
  onReady: (server: EngineServer, dataFolder: string) => void;
  /** Aborting it stops gracefully. */
  signal: AbortSignal;
}

/** Runs the engine with its HTTP edge and no window until the signal. Returns what kept it from starting, or null. */
export async function serve(options: ServeOptions): Promise<AppError | null> {
  const { compose, env, cwd, version, webRoot, host, port, allowedHosts, onReady, signal } = options;
  const dataFolder = defaultDataFolder(env, cwd);
  const log = createFileLog(join(dataFolder, 'dev-crew.log'));
  const composed = await compose({ env, cwd, dataFolder, version, log });
  if (!composed.ok) return composed.error;
  const app = composed.value;
  try {
    const server = await startEngineServer({ app, env, log, version, webRoot, host, port, allowedHosts });
    if (!server.ok) return server.error;
    try {
      await app.start();
      onReady(server.value, app.dataFolder);
      await aborted(signal);
      log.info('stopping');
    } finally {
      await server.value.close();
    }
    return null;
  } finally {
    await app.stop();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

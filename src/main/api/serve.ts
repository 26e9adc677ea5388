import type { AppError } from '../../shared/errors.ts';
import { startEngineServer, type EngineServer } from './engine-server.ts';
import { openEngine, type OpenEngineOptions } from './open-engine.ts';

export interface ServeOptions extends OpenEngineOptions {
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
  const { env, version, webRoot, host, port, allowedHosts, onReady, signal } = options;
  const opened = await openEngine(options);
  if (!opened.ok) return opened.error;
  const { app, log } = opened.value;
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

import { app, dialog } from 'electron';
import type { App, Log } from '../api/app.ts';
import type { Texts } from './texts.ts';

export interface QuitDeps {
  engine: App;
  texts: () => Texts;
  log: Log;
  /** Runs before the engine stops: what still could reach it or show it. */
  beforeStop: () => Promise<void>;
  afterStop: () => void;
}

/** Longest wait for a graceful stop, in milliseconds; what is cut off resumes at the next start. */
const stopLimitMs = 15_000;

/**
 * Asks when jobs run, then stops the engine before the process ends. A signal does not ask: a shell or a service
 * manager has already decided.
 */
export function guardQuit({ engine, texts, log, beforeStop, afterStop }: QuitDeps): void {
  let state: 'running' | 'asking' | 'stopping' = 'running';

  const stop = async (): Promise<void> => {
    state = 'stopping';
    const limit = setTimeout(() => {
      log.error('the engine did not stop in time', { limit_ms: stopLimitMs });
      app.exit(1);
    }, stopLimitMs);
    try {
      await beforeStop();
      await engine.stop();
      afterStop();
    } catch (error) {
      log.error('stopping failed', { error: error instanceof Error ? error.stack : String(error) });
    }
    clearTimeout(limit);
    app.exit(0);
  };

  const mayQuit = async (): Promise<boolean> => {
    try {
      return await confirmed(engine.counts().running, texts());
    } catch (error) {
      // A database that cannot be read, say, is no reason to keep anyone from quitting.
      log.error('cannot ask before quitting', {
        error: error instanceof Error ? error.stack : String(error),
      });
      return true;
    }
  };

  const ask = async (): Promise<void> => {
    state = 'asking';
    const quits = await mayQuit();
    // A signal may have come while the question was open.
    if (state !== 'asking') return;
    if (quits) await stop();
    else state = 'running';
  };

  app.on('before-quit', (event) => {
    event.preventDefault();
    if (state === 'running') void ask();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (state !== 'stopping') void stop();
    });
}

async function confirmed(running: number, { quit }: Texts): Promise<boolean> {
  if (running === 0) return true;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: quit.message(running),
    detail: quit.detail,
    buttons: [quit.quit, quit.cancel],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

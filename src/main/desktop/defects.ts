import type { Log } from '../api/app.ts';

/**
 * Errors that nothing caught are logged, and the app goes on: every step of a job is committed before it counts. Left to
 * itself, Electron opens a modal dialog that holds up the engine and every quit until somebody clicks, at night as well.
 */
export function logDefects(log: Log): void {
  const say = (what: string) => (error: unknown) => {
    const text = error instanceof Error ? String(error.stack) : String(error);
    log.error(what, { error: text });
    process.stderr.write(`Dev Crew: ${what}: ${text}\n`);
  };
  process.on('uncaughtException', say('an error nothing caught'));
  process.on('unhandledRejection', say('a rejection nothing handled'));
}

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../app/ports/system.ts';

/** Size at which the log of the last run is set aside, in bytes. */
const rotateAtBytes = 10 * 1024 * 1024;

/**
 * The app's own log: JSON Lines `{at, level, message, …}` in a 0600 file. Written at once, for the lines that matter
 * are those before a crash. A log that cannot be written never fails its caller; it goes to stderr instead.
 */
export function createFileLog(path: string): Log {
  rotate(path);
  const write = (level: string, message: string, fields: Record<string, unknown> = {}): void => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`;
    try {
      appendFileSync(path, line, { mode: 0o600 });
    } catch {
      process.stderr.write(line);
    }
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

function rotate(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (statSync(path).size > rotateAtBytes) renameSync(path, `${path}.1`);
  } catch {
    // No log yet, or a folder that cannot be written, which compose reports better.
  }
}

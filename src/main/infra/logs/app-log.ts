import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, multistream, pino, type StreamEntry } from 'pino';
import type { Log } from '../../app/ports/system.ts';

/** Above this size the file of the last run is kept as `<path>.1` and a new one begins. */
const maxFileBytes = 10 * 1024 * 1024;

export interface AppLogOptions {
  /** Lines of JSON on standard error. */
  stderr: boolean;
  /** And in this file (0600), created with its folder where missing. */
  path?: string;
  level?: 'info' | 'warn' | 'error';
  /** Removes secrets; applied to the message and to every string inside the fields, before anything is written. */
  redact?: (text: string) => string;
}

/**
 * The log of the app itself, written line by line before the call returns, because the line before a crash is the one
 * that is looked for. Never throws: a log that cannot be written must not end the work.
 */
export function createAppLog(options: AppLogOptions): Log {
  const redact = options.redact ?? ((text: string) => text);
  const logger = pino(
    { level: options.level ?? 'info', base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    multistream(streams(options)),
  );
  const write =
    (level: 'info' | 'warn' | 'error'): Log['info'] =>
    (message, fields = {}) => {
      try {
        logger[level](plain(fields, redact) as Record<string, unknown>, redact(message));
      } catch {
        // Nowhere is left to say it.
      }
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function streams({ stderr, path }: AppLogOptions): StreamEntry[] {
  const list: StreamEntry[] = [];
  if (stderr) list.push({ stream: quiet(destination({ fd: 2, sync: true })) });
  if (path === undefined) return list;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > maxFileBytes) renameSync(path, `${path}.1`);
    list.push({ stream: quiet(destination({ dest: path, sync: true, mode: 0o600 })) });
  } catch (error) {
    process.emitWarning(`the log ${path} cannot be written: ${String(error)}`);
  }
  return list;
}

/** A closed pipe or a full disk is told by an event, which would end the process if nobody listened. */
function quiet(stream: ReturnType<typeof destination>): ReturnType<typeof destination> {
  return stream.on('error', () => undefined);
}

/** A redacted copy that JSON can hold; errors keep their message, stack and cause. */
function plain(value: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  // Deeper than anything that is logged on purpose; also ends a circle.
  if (depth > 8) return '…';
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return plain({ name, message, stack, ...(cause === undefined ? {} : { cause }) }, redact, depth + 1);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((inner) => plain(inner, redact, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plain(inner, redact, depth + 1)]),
  );
}

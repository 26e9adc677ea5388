import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { JobEvent } from '../../src/shared/job.ts';

const program = fileURLToPath(new URL('./engine-process/main.ts', import.meta.url));

export interface EngineRun {
  /** Events printed, in order; a restart replays those of before. */
  events: JobEvent[];
  exitCode: number | null;
  stderr: string;
}

/**
 * Runs an engine process until it ends by itself, or is killed (SIGKILL) as soon as `killAt` accepts an event.
 * Nothing of it is left afterwards.
 */
export async function runEngineProcess(options: {
  dataFolder: string;
  env: Record<string, string>;
  job?: Record<string, unknown>;
  killAt?: (event: JobEvent, index: number) => boolean | Promise<boolean>;
}): Promise<EngineRun> {
  const args = [program, options.dataFolder, ...(options.job ? [JSON.stringify(options.job)] : [])];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: EngineRun = { events: [], exitCode: null, stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as JobEvent;
    run.events.push(event);
    if (await options.killAt?.(event, run.events.length)) kill(child);
  }
  await ended;
  run.exitCode = child.exitCode;
  return run;
}

const kill = (child: ChildProcess): void => void child.kill('SIGKILL');

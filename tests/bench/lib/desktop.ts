import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { part } from '../../support/parts.ts';
import { attachToPage, type PageScript } from './page-script.ts';
import { end } from './server.ts';
import { wallClock } from './stats.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The built app in its real window, started as a user starts it: nothing but a port for us to look in is added. */
export interface BenchDesktop {
  page: PageScript;
  /** Wall clock, in milliseconds, right before the program was started. */
  launchedAt: number;
  pid: number;
  stop(): Promise<void>;
}

export async function launchBenchDesktop(
  dataFolder: string,
  env: Record<string, string> = {},
): Promise<BenchDesktop> {
  const asRoot = process.getuid?.() === 0;
  const args = [...(asRoot ? ['--no-sandbox'] : []), '--remote-debugging-port=0', root];
  const launchedAt = wallClock();
  const child = spawn(part('electron'), args, {
    env: {
      ...process.env,
      DISPLAY: part('display'),
      DEV_CREW_DATA_DIR: dataFolder,
      DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
      LANGUAGE: 'en',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const page = await attachToPage(await devToolsHost(child));
  return {
    page,
    launchedAt,
    pid: child.pid!,
    stop: async () => {
      page.close();
      await end(child);
    },
  };
}

async function devToolsHost(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stderr! })) {
    const host = /^DevTools listening on ws:\/\/([^/]+)/.exec(line)?.[1];
    if (host === undefined) continue;
    // Left unread, the pipe would fill and stop the app.
    child.stderr!.resume();
    return host;
  }
  throw new Error('the desktop ended before it had a window');
}

export interface Memory {
  rss: number;
  private: number;
}

/** Memory of the main process and of its renderers together, in bytes; Linux only. */
export function memoryOf(mainPid: number): { main: Memory; renderer: Memory } {
  const renderers = descendantsOf(mainPid).filter((pid) => commandLine(pid).includes('--type=renderer'));
  const each = renderers.map(memoryOfProcess);
  const sum = (of: keyof Memory): number => each.reduce((total, memory) => total + memory[of], 0);
  return { main: memoryOfProcess(mainPid), renderer: { rss: sum('rss'), private: sum('private') } };
}

function memoryOfProcess(pid: number): Memory {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(lines)?.[1] ?? 0);
  return { rss: kib('Rss') * 1024, private: (kib('Private_Clean') + kib('Private_Dirty')) * 1024 };
}

function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/\) \S (\d+)/.exec(readProc(Number(name), 'stat'))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

const commandLine = (pid: number): string => readProc(pid, 'cmdline').replaceAll('\0', ' ');

/** Empty for a process that has ended meanwhile. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

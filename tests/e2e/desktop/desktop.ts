import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import type { InputOf, OperationName, OutputOf } from '../../../src/shared/operations.ts';
import type { Result } from '../../../src/shared/errors.ts';
import { endProcess, killTree } from '../../support/end-process.ts';
import { part } from '../../support/requirements-e2e.ts';

const root = resolve(import.meta.dirname, '../../..');

export interface Desktop extends AsyncDisposable {
  app: ElectronApplication;
  page: Page;
  dataFolder: string;
  /** Calls an operation as the page does, through the preload; throws what fails. */
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** What `launchDesktop` was given, for a second process. */
  options: ReturnType<typeof launchOptions>;
}

export interface DesktopOptions {
  env?: Record<string, string>;
  args?: string[];
  /** Kept after the test when given; else a fresh one that goes with it. */
  dataFolder?: string;
}

/** Longest wait for an app to start, and for a page of it to do something, in milliseconds. */
const launchLimitMs = 90_000;
const actionLimitMs = 60_000;

const running = new Set<ChildProcess>();

/** A test that ran out of time never disposes of its apps; they would hold up the runner's own end. */
export const test = base.extend<{ apps: null }>({
  apps: [
    async ({ browserName }, use) => {
      void browserName;
      const before = new Set(running);
      await use(null);
      for (const child of running) if (!before.has(child)) killTree(child);
    },
    { auto: true },
  ],
});

export function launchOptions({ env = {}, args = [], dataFolder }: DesktopOptions & { dataFolder: string }) {
  const asRoot = process.getuid?.() === 0;
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    args: [...(asRoot ? ['--no-sandbox'] : []), root, ...args],
    env: {
      ...Object.fromEntries(inherited),
      DISPLAY: part('display'),
      DEV_CREW_DATA_DIR: dataFolder,
      DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
      LANGUAGE: 'en',
      ...env,
    },
  };
}

/** The built app in a real window, with a data folder of its own. */
export async function launchDesktop(given: DesktopOptions = {}): Promise<Desktop> {
  const dataFolder = given.dataFolder ?? mkdtempSync(join(tmpdir(), 'crew-desktop-'));
  const options = launchOptions({ ...given, dataFolder });
  // Given a path of its own, Playwright leaves out its loader, and may then miss a window that opens while it attaches.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = dirname(part('electron'));
  const app = await _electron.launch({ ...options, timeout: launchLimitMs });
  const child = app.process();
  running.add(child);
  const dispose = async (): Promise<void> => {
    await end(app, child);
    running.delete(child);
    if (given.dataFolder === undefined)
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    app.context().setDefaultTimeout(actionLimitMs);
    const page = await app.firstWindow({ timeout: launchLimitMs });
    await page.waitForLoadState();
    const call: Desktop['call'] = (name, input) => callFrom(page, name, input);
    return { app, page, dataFolder, options, call, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/**
 * Ends the app without its question, whatever runs in it. In a turn of its event loop: what `evaluate` does interrupts
 * whatever JavaScript runs there, and a window that is destroyed in the middle of its own events makes these throw.
 */
async function end(app: ElectronApplication, child: ChildProcess): Promise<void> {
  await endProcess(child, () =>
    app.evaluate(({ app: electron }) => void setImmediate(() => electron.exit(0))).catch(() => undefined),
  );
  await app.close();
}

async function callFrom<N extends OperationName>(
  page: Page,
  name: N,
  input: InputOf<N>,
): Promise<OutputOf<N>> {
  const result = (await page.evaluate(([operation, given]) => window.crew?.call(operation, given), [
    name,
    input,
  ] as const)) as Result<OutputOf<N>>;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { InputOf, OperationName, OutputOf } from '../../../src/shared/operations.ts';
import type { Result } from '../../../src/shared/errors.ts';
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
  const app = await _electron.launch(options);
  const page = await app.firstWindow();
  await page.waitForLoadState();
  return {
    app,
    page,
    dataFolder,
    options,
    call: (name, input) => callFrom(page, name, input),
    async [Symbol.asyncDispose]() {
      await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
      await app.close().catch(() => undefined);
      if (given.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
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

import { join } from 'node:path';
import { app, dialog, ipcMain, session } from 'electron';
import type { App, Compose, CreateLog, Log } from '../api/app.ts';
import { startEngineServer, type EngineServer } from '../api/engine-server.ts';
import { systemIds } from '../api/ids.ts';
import { createInvoke } from '../api/invoke.ts';
import { logDefects } from './defects.ts';
import { answerIpc } from './ipc.ts';
import { denyPermissions, lockContents } from './lockdown.ts';
import { setMenu } from './menu.ts';
import { createNotifier } from './notifications.ts';
import { origin } from './page-files.ts';
import { servePages } from './protocol.ts';
import { guardQuit } from './quit.ts';
import { httpWish } from './http-wish.ts';
import { languageOf, textsOf, type Texts } from './texts.ts';
import { createTray } from './tray.ts';
import { createMainWindow, type MainWindow } from './window.ts';

export interface DesktopOptions {
  compose: Compose;
  createLog: CreateLog;
  /** From `beforeReady`. */
  dataFolder: string;
  /** Folder that holds `out` and `resources`. */
  root: string;
  version: string;
}

/** The desktop app from start to exit, after `beforeReady`. */
export async function runDesktop({
  compose,
  createLog,
  dataFolder,
  root,
  version,
}: DesktopOptions): Promise<void> {
  const { env } = process;
  const log = createLog(join(dataFolder, 'dev-crew.log'));
  logDefects(log);
  lockContents(log);
  // The engine opens its store while Chromium starts.
  const composing = compose({ env, cwd: process.cwd(), dataFolder, version, log });
  await app.whenReady();
  const composed = await composing;
  if (!composed.ok) return failToStart(composed.error.message);
  const engine = composed.value;
  try {
    await startDesktop({ engine, log, root, version });
  } catch (error) {
    log.error('the desktop does not start', { error: error instanceof Error ? error.stack : String(error) });
    await engine.stop();
    await failToStart(error instanceof Error ? error.message : String(error));
  }
}

interface DesktopParts {
  engine: App;
  log: Log;
  root: string;
  version: string;
}

async function startDesktop({ engine, log, root, version }: DesktopParts): Promise<void> {
  const resources = join(root, 'resources');
  const webRoot = join(root, 'out/renderer');
  const texts = (): Texts => textsOf(languageOf(engine.settings().language, app.getLocale()));
  denyPermissions(session.defaultSession);
  servePages(session.defaultSession, webRoot);
  const window = createMainWindow({
    dataFolder: engine.dataFolder,
    preload: join(root, 'out/preload/index.cjs'),
    icon: join(resources, 'icon.png'),
    log,
    onHopeless: () => void askHopeless(texts()),
  });
  const server = await startServer({ engine, log, root, version });
  const shell = startShell(engine, window, texts, resources);
  const invoke = createInvoke({ handlers: engine.handlers, log, ids: systemIds });
  const stopIpc = answerIpc({
    ipc: ipcMain,
    invoke: async (name, input, signal) => {
      const result = await invoke(name, input, signal);
      // The language may have changed, which the tray and the menu show at once.
      if (name === 'settings.update') shell.refresh();
      return result;
    },
    feed: engine.feed,
    log,
    origin,
    trusted: () => window.current?.webContents ?? null,
    pickFolder: () => pickFolder(window, texts()),
  });
  guardQuit({
    engine,
    texts,
    log,
    beforeStop: async () => {
      shell.stop();
      await server?.close();
    },
    afterStop: stopIpc,
  });
  window.open();
  await engine.start();
}

interface Shell {
  /** Shows texts and counts as they are now. */
  refresh(): void;
  stop(): void;
}

/** Menu, tray and notifications, and what opens the window again. */
function startShell(engine: App, window: MainWindow, texts: () => Texts, resources: string): Shell {
  const quit = (): void => app.quit();
  const tray = createTray(join(resources, 'tray'), {
    open: () => window.open(),
    openWaiting: () => window.openPage('/inbox'),
    quit,
  });
  let language = '';
  const refresh = (): void => {
    const current = texts();
    tray.show(engine.counts(), current);
    if (language === current.menu.file) return;
    language = current.menu.file;
    const actions = {
      newJob: () => window.openPage('/new'),
      settings: () => window.openPage('/settings'),
      quit,
    };
    setMenu(current, actions, process.platform === 'darwin');
  };
  const notify = createNotifier({
    enabled: () => engine.settings().notifications,
    texts,
    icon: join(resources, 'icon.png'),
    open: (jobId) => (jobId === null ? window.openPage('/accounts') : window.open(jobId)),
  });
  const endCounts = engine.onCounts(refresh);
  const endAttention = engine.onAttention(notify);
  app.on('second-instance', () => window.open());
  app.on('activate', () => window.open());
  // Jobs go on without a window; the tray says so and brings it back.
  app.on('window-all-closed', () => {
    const { running, waiting, queued } = engine.counts();
    if (running + waiting + queued === 0 && process.platform !== 'darwin') quit();
  });
  refresh();
  return {
    refresh,
    stop() {
      endCounts();
      endAttention();
      tray.destroy();
    },
  };
}

async function startServer({ engine, log, root, version }: DesktopParts): Promise<EngineServer | null> {
  const wish = httpWish(process.env, process.argv);
  if (!wish.ok) throw new Error(wish.error.message);
  if (wish.value === null) return null;
  const { port } = wish.value;
  const at = { host: '127.0.0.1', port, allowedHosts: [] };
  const server = await startEngineServer({
    app: engine,
    env: process.env,
    log,
    version,
    webRoot: join(root, 'out/renderer'),
    ...at,
  });
  if (!server.ok) throw new Error(server.error.message);
  return server.value;
}

async function pickFolder(window: MainWindow, { pickFolder: title }: Texts): Promise<string | null> {
  const options = { title, properties: ['openDirectory' as const] };
  const parent = window.current;
  const { canceled, filePaths } = parent
    ? await dialog.showOpenDialog(parent, options)
    : await dialog.showOpenDialog(options);
  return canceled ? null : (filePaths[0] ?? null);
}

async function askHopeless({ crashed }: Texts): Promise<void> {
  await dialog.showMessageBox({
    type: 'error',
    message: crashed.message,
    detail: crashed.detail,
    buttons: [crashed.quit],
  });
  app.quit();
}

/** On stderr too, for whoever started it from a shell and sees no dialog, and may end it there while the dialog is up. */
async function failToStart(reason: string): Promise<void> {
  process.stderr.write(`Dev Crew cannot start: ${reason}\n`);
  const message = textsOf(languageOf('system', app.getLocale())).startFailed;
  await dialog.showMessageBox({ type: 'error', message, detail: reason });
  app.exit(1);
}

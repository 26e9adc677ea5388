import { BrowserWindow, screen } from 'electron';
import type { Log } from '../api/app.ts';
import { startUrl } from './page-files.ts';
import { loadWindowState, saveWindowState } from './window-state.ts';

export interface WindowDeps {
  /** Folder of the saved bounds. */
  dataFolder: string;
  preload: string;
  icon: string;
  log: Log;
  /** The page crashed more often than reloading helps. */
  onHopeless: () => void;
}

export interface MainWindow {
  readonly current: BrowserWindow | null;
  /** Shows the window, made anew when it was closed; with a job, at that job's page. */
  open(jobId?: string): void;
  /** At a page of the app, `/settings`. */
  openPage(path: string): void;
}

/** Crashes within a minute after which reloading stops. */
const crashLimit = 3;

export function createMainWindow(deps: WindowDeps): MainWindow {
  let window: BrowserWindow | null = null;

  const openPage = (path: string | null): void => {
    if (window === null) {
      window = makeWindow(deps, path);
      window.on('closed', () => (window = null));
      return;
    }
    // Only the fragment differs, so this is the page's own navigation and loses nothing of its state.
    if (path !== null) void window.loadURL(pageUrl(path));
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };

  return {
    get current() {
      return window;
    },
    open: (jobId) => openPage(jobId === undefined ? null : `/jobs/${encodeURIComponent(jobId)}`),
    openPage,
  };
}

const pageUrl = (path: string | null): string => (path === null ? startUrl : `${startUrl}#${path}`);

function makeWindow(
  { dataFolder, preload, icon, log, onHopeless }: WindowDeps,
  path: string | null,
): BrowserWindow {
  const state = loadWindowState(
    dataFolder,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    width: 1280,
    height: 840,
    ...state?.bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    title: 'Dev Crew',
    icon,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximized) window.maximize();
  // Told a turn later, when the app may already have destroyed the window to quit.
  window.once('ready-to-show', () => window.isDestroyed() || window.show());
  window.on('close', () =>
    saveWindowState(dataFolder, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  reloadOnCrash(window, log, onHopeless);
  void window.loadURL(pageUrl(path)).catch((error: unknown) => {
    if (!window.isDestroyed()) log.error('the page does not load', { error: String(error) });
  });
  return window;
}

/** The engine is in this process, so a page that died has lost nothing but its view. */
function reloadOnCrash(window: BrowserWindow, log: Log, onHopeless: () => void): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.error('the page’s process is gone', { reason, exit_code: exitCode });
    crashes = [...crashes.filter((at) => performance.now() - at < 60_000), performance.now()];
    if (crashes.length > crashLimit) onHopeless();
    else window.webContents.reload();
  });
}

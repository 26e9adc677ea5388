import { app, protocol } from 'electron';
import { defaultDataFolder } from '../api/data-folder.ts';
import { scheme } from './page-files.ts';

/**
 * What cannot wait for Electron to be ready: the user-data folder, which also names the single-instance lock, and our
 * scheme. Imports next to nothing, so that it runs in time and Chromium starts while the rest is loaded.
 * Returns the data folder, or null when the app runs already and was told to show itself.
 */
export function beforeReady(): string | null {
  const dataFolder = defaultDataFolder(process.env, process.cwd());
  app.setPath('userData', dataFolder);
  if (!app.requestSingleInstanceLock()) return null;
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  return dataFolder;
}

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const appFolderName = 'Dev Crew';

/**
 * The desktop's user-data folder, computed the way Electron does, so that the command line finds the running app:
 * `DEV_CREW_DATA_DIR`, else `<per-user application data>/Dev Crew`. Absolute.
 */
export function defaultDataFolder(
  env: Env,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env['DEV_CREW_DATA_DIR']) return resolve(cwd, env['DEV_CREW_DATA_DIR']);
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), appFolderName);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', appFolderName);
  // The XDG specification says to ignore relative paths.
  const config = env['XDG_CONFIG_HOME'];
  return join(config?.startsWith('/') ? config : join(home, '.config'), appFolderName);
}

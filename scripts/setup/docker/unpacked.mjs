import { existsSync } from 'node:fs';
import { capture, tail } from '../../lib/exec.mjs';
import { SetupError, say } from '../../lib/log.mjs';
import { inCache, inRoot } from '../../lib/paths.mjs';
import { setupLock } from '../setup-lock.mjs';

export const script = inRoot('tests/support/docker-engine/engine.sh');

/**
 * Debian packages laid out in the cache folder, once; nothing is installed, and no service of theirs starts.
 * @param {string} what for messages
 * @param {string} name of the folder
 * @param {string[]} packages
 * @returns {Promise<string>} the folder
 */
export async function ensureUnpacked(what, name, packages) {
  const folder = inCache(name);
  if (existsSync(folder)) return folder;
  await setupLock(async () => {
    if (existsSync(folder)) return;
    say(`unpacking ${what} into .cache …`);
    const result = await capture('bash', [script, 'unpack', folder, ...packages]);
    if (result.code !== 0) throw new SetupError(`${what} could not be unpacked:\n${tail(result.stderr)}`);
  });
  return folder;
}

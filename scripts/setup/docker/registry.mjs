import { join } from 'node:path';
import { SetupError } from '../../lib/log.mjs';
import { ensureEnginePrograms, privateEngineObstacle } from './private-engine.mjs';
import { ensureUnpacked } from './unpacked.mjs';

/**
 * A registry server's program. It is only of use beside a private engine, in whose network it listens: another engine
 * would take images from it into somebody's own.
 * @returns {Promise<string>} path of the program
 */
export async function ensureRegistry() {
  const obstacle = privateEngineObstacle();
  if (obstacle) throw new SetupError(obstacle);
  await ensureEnginePrograms();
  const folder = await ensureUnpacked("Debian's image registry", 'docker-registry', ['docker-registry']);
  return join(folder, 'usr/bin/docker-registry');
}

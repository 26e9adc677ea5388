import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { capture, tail } from '../../lib/exec.mjs';
import { startService } from '../../lib/lifeline.mjs';
import { SetupError, say } from '../../lib/log.mjs';
import { inCache, inRoot } from '../../lib/paths.mjs';
import { ensurePackages, isRoot } from '../debian.mjs';
import { setupLock } from '../setup-lock.mjs';
import { pingFailure } from './api.mjs';

const START_MS = 60_000;
const script = inRoot('tests/support/docker-engine/engine.sh');
const programs = inCache('docker-engine');

/** @returns {string | null} why this machine cannot have one */
export function privateEngineObstacle() {
  if (process.platform !== 'linux') return 'a private engine needs Linux';
  if (!isRoot()) return 'a private engine needs root';
  if (!existsSync('/usr/bin/apt-get')) return 'a private engine needs Debian packages';
  return null;
}

/**
 * An engine of our own, in namespaces of its own; gone without a trace after `stop`, or when this process dies.
 * Its sockets lie in a short path under /tmp, its images in the cache folder.
 * @returns {Promise<{ host: string, stop: () => Promise<void> }>}
 */
export async function startPrivateEngine() {
  await ensurePackages(['iproute2']);
  await ensurePrograms();
  const started = Date.now();
  const sockets = mkdtempSync('/tmp/dc-');
  mkdirSync(inCache('engines'), { recursive: true });
  const data = inCache('engines', sockets.slice('/tmp/'.length));
  const service = startService('bash', [script, 'run', programs, data, sockets], inCache('engines', 'log'));
  const host = `unix://${join(sockets, 'docker.sock')}`;
  try {
    await Promise.race([answering(host), service.failed]);
  } catch (error) {
    await service.stop();
    throw new SetupError(`the private Docker engine did not start: ${/** @type {Error} */ (error).message}`);
  }
  say(`private Docker engine up in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return { host, stop: service.stop };
}

async function ensurePrograms() {
  if (existsSync(programs)) return;
  await setupLock(async () => {
    if (existsSync(programs)) return;
    say("unpacking Debian's Docker engine into .cache …");
    const result = await capture('bash', [script, 'unpack', programs]);
    if (result.code !== 0)
      throw new SetupError(`the Docker engine could not be unpacked:\n${tail(result.stderr)}`);
  });
}

/**
 * Polls: an engine tells nobody when its socket is ready.
 * @param {string} host
 */
async function answering(host) {
  const end = Date.now() + START_MS;
  for (let failure = await pingFailure(host); failure; failure = await pingFailure(host)) {
    if (Date.now() > end) throw new Error(failure);
    await delay(50);
  }
}

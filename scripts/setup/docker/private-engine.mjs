import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startService } from '../../lib/lifeline.mjs';
import { SetupError, say } from '../../lib/log.mjs';
import { inCache } from '../../lib/paths.mjs';
import { ensurePackages, isRoot } from '../debian.mjs';
import { pingFailure } from './api.mjs';
import { ensureUnpacked, script } from './unpacked.mjs';

const START_MS = 180_000;
const enginePackages = [
  ...['docker.io', 'containerd', 'runc', 'tini', 'iptables'],
  ...['libip6tc2', 'libnfnetlink0', 'libnetfilter-conntrack3', 'libnftnl11'],
];

/** @returns {string | null} why this machine cannot have one */
export function privateEngineObstacle() {
  if (process.platform !== 'linux') return 'a private engine needs Linux';
  if (!isRoot()) return 'a private engine needs root';
  if (!existsSync('/usr/bin/apt-get')) return 'a private engine needs Debian packages';
  return null;
}

/** What a private engine is started from, laid out in the cache. */
export async function ensureEnginePrograms() {
  await ensurePackages(['iproute2']);
  return ensureUnpacked("Debian's Docker engine", 'docker-engine', enginePackages);
}

/**
 * An engine of our own, in namespaces of its own; gone without a trace after `stop`, or when this process dies.
 * Its sockets lie in a short path under /tmp, its images in the cache folder. With sizes (as tmpfs takes them) the
 * images, or the folder `disk`, lie on a small disk of their own, which only the engine's namespaces see.
 * @param {{ imagesSize?: string, diskSize?: string }} [sizes]
 * @returns {Promise<{ host: string, sockets: string, images: string, disk: string, stop: () => Promise<void> }>}
 */
export async function startPrivateEngine({ imagesSize, diskSize } = {}) {
  const programs = await ensureEnginePrograms();
  const started = Date.now();
  const sockets = mkdtempSync('/tmp/dc-');
  mkdirSync(inCache('engines'), { recursive: true });
  const data = inCache('engines', sockets.slice('/tmp/'.length));
  const disk = join(sockets, 'disk');
  const disks = [...(imagesSize ? [data, imagesSize] : []), ...(diskSize ? [disk, diskSize] : [])];
  const log = inCache('engines', disks.length ? 'log-small' : 'log');
  const service = startService('bash', [script, 'run', programs, data, sockets, ...disks], log);
  const host = `unix://${join(sockets, 'docker.sock')}`;
  try {
    await Promise.race([answering(host), service.failed]);
  } catch (error) {
    await service.stop();
    throw new SetupError(`the private Docker engine did not start: ${/** @type {Error} */ (error).message}`);
  }
  say(`private Docker engine up in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return { host, sockets, images: data, disk, stop: service.stop };
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

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../lib/lock.mjs';
import { say } from '../lib/log.mjs';
import { inRoot } from '../lib/paths.mjs';
import { ensureBuild } from './build.mjs';
import { ensurePackages, packages } from './debian.mjs';
import { obtainEngine } from './docker/index.mjs';
import { ensureRegistry } from './docker/registry.mjs';
import { ensureElectron } from './electron/index.mjs';
import { runtimeEnv } from './node.mjs';
import { homeEnv, startDisplay, startSession } from './session.mjs';

/**
 * @typedef {import('../lib/suites.mjs').Need} Need
 * @typedef {{ env: NodeJS.ProcessEnv, stop?: () => Promise<void> }} Provided
 */

/**
 * How each part is provided. One that cannot be had here gives its reason in `…_NO_…`, and the suites that
 * need it are skipped by name (tests/support/parts.ts reads the same variables). In the order of starting.
 * @type {Record<Need, () => Promise<Provided>>}
 */
const providers = {
  build: async () => {
    await ensureBuild();
    return { env: { DEV_CREW_TEST_BUILD: inRoot('out') } };
  },
  electron: () => orReason('ELECTRON', async () => ({ env: { DEV_CREW_ELECTRON: await ensureElectron() } })),
  chromium: async () => {
    const found = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find(
      existsSync,
    );
    return {
      env: found ? { DEV_CREW_CHROMIUM: found } : { DEV_CREW_TEST_NO_CHROMIUM: 'no chromium at /usr/bin' },
    };
  },
  docker: async () => {
    const engine = await obtainEngine();
    if (engine.kind === 'none') return { env: { DEV_CREW_TEST_NO_DOCKER: engine.reason } };
    const env = {
      DOCKER_HOST: engine.host,
      DEV_CREW_TEST_DOCKER: engine.host,
      DEV_CREW_DOCKER_IMAGE: engine.image,
    };
    return { env, stop: engine.stop };
  },
  registry: () =>
    orReason('REGISTRY', async () => ({ env: { DEV_CREW_TEST_REGISTRY: await ensureRegistry() } })),
  session: async () => {
    const noBus = missing('DBUS', 'no private D-Bus');
    if (process.platform !== 'linux') return { env: { ...noBus, ...missing('KEYRING', 'needs Linux') } };
    const started = await orReason('KEYRING', startSession);
    return started.stop ? started : { env: { ...noBus, ...started.env } };
  },
  display: () =>
    process.platform === 'linux'
      ? orReason('DISPLAY', startDisplay)
      : Promise.resolve({ env: { DEV_CREW_TEST_DISPLAY: 'native' } }),
};

/** @param {Set<Need>} needs */
const packagesFor = (needs) => [
  ...(needs.has('electron') ? packages.electron : []),
  ...(needs.has('display') ? packages.display : []),
  ...(needs.has('session') ? packages.session : []),
  ...(needs.has('chromium') ? packages.chromium : []),
];

/**
 * Sets up the parts, runs `work` in their environment, and takes them down again in every case.
 * @template T
 * @param {Set<Need>} needs
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 */
export async function withTestEnvironment(needs, work) {
  await ensurePackages(packagesFor(needs));
  removeAbandonedHomes();
  const home = mkdtempSync(join(tmpdir(), `${homePrefix}${process.pid}-`));
  const env = { ...withoutOwn(runtimeEnv()), ...homeEnv(home) };
  /** @type {(() => Promise<void>)[]} */
  const stops = [async () => rmSync(home, { recursive: true, force: true })];
  try {
    for (const [need, provide] of Object.entries(providers)) {
      if (!needs.has(/** @type {Need} */ (need))) continue;
      const provided = await provide();
      Object.assign(env, provided.env);
      if (provided.stop) stops.push(provided.stop);
    }
    return await work(env);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

const homePrefix = 'dev-crew-home-';

/** What runs that were killed could not remove. */
function removeAbandonedHomes() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(homePrefix))) {
    const pid = Number.parseInt(name.slice(homePrefix.length), 10);
    if (!isAlive({ pid, startedAt: null })) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/**
 * @param {string} part
 * @param {() => Promise<Provided>} start
 * @returns {Promise<Provided>}
 */
async function orReason(part, start) {
  try {
    return await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`no ${part.toLowerCase()} here: ${reason}`);
    return { env: missing(part, reason) };
  }
}

/**
 * @param {string} part
 * @param {string} reason one line: it becomes part of a title
 */
const missing = (part, reason) => ({ [`DEV_CREW_TEST_NO_${part}`]: reason.replace(/\s+/g, ' ') });

/**
 * Tests start from defaults, whatever the developer's shell has set for the app, git or Electron.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutOwn(env) {
  const own =
    /^(DEV_CREW_|GIT_|ELECTRON_RUN_AS_NODE$|DISPLAY$|WAYLAND_DISPLAY$|DBUS_SESSION_BUS_ADDRESS$|npm_)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from '../lib/lifeline.mjs';
import { inCache, inRoot } from '../lib/paths.mjs';

/** @typedef {{ env: NodeJS.ProcessEnv, stop: () => Promise<void> }} Started */

/**
 * Runs one of tests/support/session/*.sh until it says "ready".
 * @param {string} name
 * @returns {Promise<Started>} `env`: what it printed
 */
async function startScript(name) {
  mkdirSync(inCache('logs'), { recursive: true });
  const script = inRoot('tests/support/session', `${name}.sh`);
  const service = startService('bash', [script], inCache('logs', `${name}.log`));
  try {
    return { env: await Promise.race([readUntilReady(service.lines), service.failed]), stop: service.stop };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** @param {AsyncIterableIterator<string>} lines */
async function readUntilReady(lines) {
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  for await (const line of lines) {
    if (line === 'ready') return env;
    const [name = '', value] = line.split(/=(.*)/s);
    env[name] = value;
  }
  throw new Error('ended before it was ready');
}

/**
 * A D-Bus and a keyring of the tests' own, so that they neither read nor write the user's.
 * @returns {Promise<Started>}
 */
export async function startSession() {
  const { env, stop } = await startScript('session');
  const { KEYRING, NO_KEYRING, ...session } = env;
  return {
    env: {
      ...session,
      DEV_CREW_TEST_DBUS: existsSync('/usr/lib/python3/dist-packages/dbus')
        ? session.DBUS_SESSION_BUS_ADDRESS
        : '',
      ...(KEYRING ? { DEV_CREW_TEST_KEYRING: KEYRING } : { DEV_CREW_TEST_NO_KEYRING: NO_KEYRING }),
    },
    stop,
  };
}

/**
 * A home of the tests' own: the identity their commits are made with, and the XDG folders under one roof.
 * @param {string} home
 */
export function homeEnv(home) {
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Test User\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n',
  );
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** @returns {Promise<Started>} */
export async function startDisplay() {
  const { env, stop } = await startScript('display');
  return { env: { ...env, DEV_CREW_TEST_DISPLAY: env.DISPLAY }, stop };
}

import { existsSync, readFileSync } from 'node:fs';
import { capture, tail } from '../lib/exec.mjs';
import { SetupError, say } from '../lib/log.mjs';
import { setupLock } from './setup-lock.mjs';

/**
 * Debian package names by purpose; `a|b`: whichever the release has (names changed with the 64-bit time_t).
 */
export const packages = {
  electron: [
    'libgtk-3-0|libgtk-3-0t64',
    'libnss3',
    'libasound2|libasound2t64',
    'libgbm1',
    'libsecret-1-0',
    'libnotify4',
  ],
  display: ['xvfb'],
  session: ['dbus', 'gnome-keyring', 'python3-dbus', 'python3-gi', 'libsecret-1-0'],
  chromium: ['chromium', 'fonts-noto-cjk'],
  engine: ['iproute2', 'curl'],
};

const isDebianLike = () =>
  process.platform === 'linux' && existsSync('/usr/bin/dpkg-query') && existsSync('/usr/bin/apt-get');

export const isRoot = () => process.getuid?.() === 0;

/**
 * Installs what is missing as root; otherwise prints the one line to run and goes on without. Elsewhere
 * than on Debian it trusts that the desktop brings its libraries.
 * @param {string[]} wanted
 * @returns {Promise<boolean>} whether all of them are there now
 */
export async function ensurePackages(wanted) {
  if (!isDebianLike() || wanted.length === 0) return true;
  const missing = await missingPackages(wanted);
  if (missing.length === 0) return true;
  if (!isRoot()) {
    say(`libraries are missing; install them with: sudo apt-get install -y ${missing.join(' ')}`);
    return false;
  }
  await setupLock(async () => {
    const still = await missingPackages(wanted);
    if (still.length) await install(still);
  });
  return true;
}

/**
 * @param {string[]} wanted
 * @returns {Promise<string[]>} names to install, of alternatives the one that this release has
 */
async function missingPackages(wanted) {
  const names = [...new Set(wanted.flatMap((name) => name.split('|')))];
  const status = await capture('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...names]);
  const missing = missingFrom(wanted, status.stdout);
  const known = await Promise.all(missing.map(async (name) => (await firstKnown(name.split('|'))) ?? name));
  return [...new Set(known)];
}

/**
 * @param {string[]} wanted
 * @param {string} status lines of `<package> <status>` as dpkg-query prints them
 */
export function missingFrom(wanted, status) {
  const installed = new Set(
    status
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return [...new Set(wanted)].filter((name) => !name.split('|').some((one) => installed.has(one)));
}

/** @param {string[]} names */
async function firstKnown(names) {
  if (names.length === 1) return names[0];
  for (const name of names) {
    const shown = await capture('apt-cache', ['show', '--no-all-versions', name]);
    if (shown.code === 0 && shown.stdout.includes('Package:')) return name;
  }
  // Before the first `apt-get update` apt knows no package at all.
  return isBookwormOrOlder() ? names[0] : names[1];
}

function isBookwormOrOlder() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const version = Number(/^VERSION_ID="?(\d+)/m.exec(release)?.[1] ?? 12);
  return /^ID="?debian/m.test(release) ? version <= 12 : version < 24;
}

/** @param {string[]} names */
async function install(names) {
  say(`installing Debian packages: ${names.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  let result = await capture('apt-get', args, { env });
  if (result.code !== 0) {
    await capture('apt-get', ['update', '-qq'], { env });
    result = await capture('apt-get', args, { env });
  }
  if (result.code !== 0) throw new SetupError(`apt-get install failed:\n${tail(result.stderr)}`);
}

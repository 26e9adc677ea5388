import { runForeground } from '../lib/exec.mjs';
import { say } from '../lib/log.mjs';
import { root } from '../lib/paths.mjs';
import { ensureBuild } from '../setup/build.mjs';
import { ensurePackages, isRoot, packages } from '../setup/debian.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { ensureElectron } from '../setup/electron/index.mjs';
import { runtimeEnv } from '../setup/node.mjs';
import { runCli } from './cli.mjs';

/**
 * The desktop where there is a display; the same pages from a server where there is none.
 * @param {string[]} args passed on
 */
export async function run(args) {
  await ensureDependencies();
  if (!hasDisplay(process.env, process.platform)) {
    say('there is no display here, so no window: serving the same pages instead');
    await ensureBuild();
    return runCli(['serve', ...args]);
  }
  await ensurePackages(packages.electron);
  const electron = await ensureElectron();
  await ensureBuild();
  return runForeground(electron, electronArgs(args, isRoot()), { env: electronEnv() });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 */
export function hasDisplay(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Chromium's own sandbox cannot run as root.
 * @param {string[]} args
 * @param {boolean} asRoot
 */
export function electronArgs(args, asRoot) {
  return [...(asRoot ? ['--no-sandbox'] : []), root, ...args];
}

/** Without the variable that would make Electron a plain Node (terminals inside Electron apps set it). */
function electronEnv() {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = runtimeEnv();
  return env;
}

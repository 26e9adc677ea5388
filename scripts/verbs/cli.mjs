import { runForeground } from '../lib/exec.mjs';
import { inRoot } from '../lib/paths.mjs';
import { ensureBuild } from '../setup/build.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { runtimeNode } from '../setup/node.mjs';

/**
 * The command line: needs neither Electron nor Debian's libraries, and says nothing when all is in place.
 * @param {string[]} args
 */
export async function run(args) {
  await ensureDependencies();
  await ensureBuild();
  return runCli(args);
}

/**
 * In the caller's own folder, which is where relative paths are meant (npm itself goes to the checkout).
 * @param {string[]} args
 */
export function runCli(args) {
  return runForeground(runtimeNode(), [inRoot('out/main/cli.js'), ...args], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
}

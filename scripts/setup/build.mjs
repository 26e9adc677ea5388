import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { capture } from '../lib/exec.mjs';
import { SetupError, say } from '../lib/log.mjs';
import { inCache, inRoot, root } from '../lib/paths.mjs';
import { contentHash, isCurrent, listFiles, quickHash, writeStamp } from '../lib/stamp.mjs';
import { runtimeEnv, runtimeNode } from './node.mjs';
import { setupLock } from './setup-lock.mjs';

const inputs = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const stampFile = inCache('build.json');

/** Makes `out` the build of the sources as they are; at once when it is. */
export async function ensureBuild() {
  if (isBuilt()) return;
  await setupLock(async () => {
    if (!isBuilt()) await build();
  });
}

const isBuilt = () => existsSync(inRoot('out')) && isCurrent(stampFile, root, listFiles(root, inputs));

/**
 * Builds beside `out` and swaps at the end: a failed build leaves the old one, and a program that is
 * starting never finds half of one.
 */
async function build() {
  say('building (electron-vite build) …');
  const started = Date.now();
  const files = listFiles(root, inputs);
  const stamp = { quick: quickHash(root, files), content: contentHash(root, files) };
  const fresh = inCache(`out-${process.pid}`);
  const result = await capture(
    runtimeNode(),
    [
      inRoot('node_modules/electron-vite/bin/electron-vite.js'),
      'build',
      '--logLevel',
      'warn',
      '--outDir',
      fresh,
    ],
    { cwd: root, env: runtimeEnv() },
  );
  if (result.code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new SetupError(`the build failed:\n${withoutStack(result.stdout + result.stderr)}`);
  }
  swapIn(fresh);
  writeStamp(stampFile, stamp);
  say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** @param {string} output */
const withoutStack = (output) =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .slice(0, 40)
    .join('\n');

/** @param {string} fresh */
function swapIn(fresh) {
  const old = inCache(`out-old-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  if (existsSync(inRoot('out'))) renameSync(inRoot('out'), old);
  renameSync(fresh, inRoot('out'));
  rmSync(old, { recursive: true, force: true });
}

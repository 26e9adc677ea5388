import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { capture, tail } from '../lib/exec.mjs';
import { SetupError, say } from '../lib/log.mjs';
import { inRoot, root } from '../lib/paths.mjs';
import { setupLock } from './setup-lock.mjs';
import { systemNode } from './node.mjs';

/** Lies inside `node_modules`, so that removing the folder removes the claim that it is complete. */
const stampFile = inRoot('node_modules', '.dev-crew-install');

/** Makes `node_modules` match the lockfile; at once when it does already. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  await setupLock(async () => {
    if (isInstalled()) return;
    say('installing dependencies from the lockfile (npm ci) …');
    const started = Date.now();
    await npmCi();
    writeFileSync(stampFile, lockfileHash());
    say(`dependencies installed in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

function isInstalled() {
  const hash = lockfileHash();
  if (read(stampFile) === hash) return true;
  const installed = read(inRoot('node_modules', '.package-lock.json'));
  if (installed === null) return false;
  if (!installMatches(JSON.parse(lockfileText()), JSON.parse(installed))) return false;
  writeFileSync(stampFile, hash); // installed by hand with `npm install`: just as good
  return true;
}

/**
 * Compares the lockfile with npm's own record of what it put into `node_modules`.
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} Locked
 * @param {{ packages: Record<string, Locked> }} lockfile
 * @param {{ packages: Record<string, Locked> }} installed
 */
export function installMatches(lockfile, installed) {
  for (const [path, wanted] of Object.entries(lockfile.packages)) {
    if (path === '') continue;
    const have = installed.packages[path];
    if (!have && !wanted.optional && !wanted.devOptional) return false;
    if (have && have.version !== wanted.version) return false;
  }
  return Object.keys(installed.packages).every((path) => path in lockfile.packages);
}

/**
 * No install scripts: every native package here ships its builds, and npm would compile better-sqlite3 all
 * the same, for which a user's machine may have neither compiler nor headers.
 * npm runs under the machine's own Node where there is one, since `npm ci` deletes the packaged Node first.
 */
async function npmCi() {
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ];
  const npm = npmCommand();
  const result = await capture(npm.command, [...npm.args, ...args], { cwd: root, env: npmEnv() });
  if (result.code !== 0) {
    throw new SetupError(`npm ci failed (exit ${result.code}):\n${tail(result.stderr || result.stdout)}`);
  }
}

export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { command: systemNode() ?? process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Without what an outer `npm run` passes down, which an inner npm would take for settings of its own. */
function npmEnv() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_)/i.test(name),
  );
  return Object.fromEntries(kept);
}

const lockfileText = () => readFileSync(inRoot('package-lock.json'), 'utf8');
const lockfileHash = () => createHash('sha256').update(lockfileText()).digest('hex');

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

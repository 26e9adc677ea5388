/**
 * The part of Electron's default app that `electron [options] <folder>` needs. It is copied into a runtime
 * that came without one (registry-copy.mjs) and runs inside Electron, never from here.
 */
import { app as publicApp } from 'electron';
import fs from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

// The default app may call what Electron keeps out of its types.
const app = /** @type {any} */ (publicApp);

/** @returns {string | undefined} */
function target() {
  const args = process.argv.slice(1);
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '-v' || arg === '--version') {
      console.log(`v${process.versions.electron}`);
      process.exit(0);
    }
    if (arg === '-r' || arg === '--require') require(path.resolve(args[(index += 1)] ?? ''));
    else if (!arg.startsWith('-')) return path.resolve(arg);
  }
  return undefined;
}

const folder = target();
if (!folder) {
  console.error('usage: electron [options] <app folder | main.js>');
  process.exit(1);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
const manifest = path.join(folder, 'package.json');
if (fs.existsSync(manifest)) {
  const { version, productName, name } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  if (version) app.setVersion(version);
  if (productName || name) app.setName(productName || name);
}
// Node's own resolution of a package folder to its main file; not in the types.
const main = /** @type {any} */ (Module)._resolveFilename(folder, null, true);
app.setAppPath(fs.existsSync(manifest) ? folder : path.dirname(main));
// Awaited: Electron holds back its ready event for an ES module, so that an app can register its protocol in time.
try {
  await import(pathToFileURL(main).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}

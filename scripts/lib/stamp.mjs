import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * `quick` is over names, sizes and times and is read in milliseconds; `content` settles it when times
 * differ but nothing else does (a fresh checkout, a `touch`, a switch of branches and back).
 * @typedef {{ quick: string, content: string }} Stamp
 */

/**
 * @param {string} root
 * @param {string[]} inputs files and folders under `root`; missing ones are left out
 * @returns {string[]} paths relative to `root`, sorted
 */
export function listFiles(root, inputs) {
  /** @type {string[]} */
  const found = [];
  for (const input of inputs) {
    const path = join(root, input);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info?.isFile()) found.push(input);
    if (!info?.isDirectory()) continue;
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) found.push(relative(root, join(entry.parentPath, entry.name)));
    }
  }
  return found.sort();
}

/**
 * @param {string} root
 * @param {string[]} files
 * @param {string} [salt] anything else the result depends on
 */
export function quickHash(root, files, salt = '') {
  const hash = createHash('sha256').update(salt);
  for (const file of files) {
    const info = statSync(join(root, file), { throwIfNoEntry: false });
    hash.update(`\0${file}\0${info?.size ?? -1}\0${info?.mtimeMs ?? -1}`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string[]} files
 * @param {string} [salt]
 */
export function contentHash(root, files, salt = '') {
  const hash = createHash('sha256').update(salt);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/**
 * @param {string} file
 * @returns {Stamp | null}
 */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} file
 * @param {Stamp} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(stamp));
  renameSync(draft, file);
}

/**
 * True when `files` are what they were when `stampFile` was written. Refreshes the quick half in passing.
 * @param {string} stampFile
 * @param {string} root
 * @param {string[]} files
 * @param {string} [salt]
 */
export function isCurrent(stampFile, root, files, salt = '') {
  const stamp = readStamp(stampFile);
  if (!stamp) return false;
  const quick = quickHash(root, files, salt);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentHash(root, files, salt)) return false;
  writeStamp(stampFile, { quick, content: stamp.content });
  return true;
}

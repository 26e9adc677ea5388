import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this launcher belongs to; the working directory of the caller plays no part. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Everything the launcher makes besides `node_modules` and `out`; safe to delete at any time. */
export const cacheDir = join(root, '.cache');

/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** @param {string[]} parts */
export const inCache = (...parts) => join(cacheDir, ...parts);

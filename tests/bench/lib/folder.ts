import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** On the disk of the checkout, since the system's folder for temporary files may be memory. */
export const benchCache = resolve(import.meta.dirname, '../../../.cache/bench');

export interface BenchFolder {
  path: string;
  remove(): void;
}

export function makeBenchFolder(): BenchFolder {
  mkdirSync(benchCache, { recursive: true });
  const path = mkdtempSync(join(benchCache, 'run-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FilledDisk {
  /** Frees about so many bytes, or all that was taken. */
  makeRoom(bytes?: number): void;
}

const largest = 1_000_000;
/** A larger disk is no test's own: it is the machine's, and a mount has failed or is gone. */
const largestDisk = 512 * 1024 * 1024;

/** Leaves not one byte free on the small disk that holds `folder`. Throws on a disk that is not a small one. */
export function fillDisk(folder: string): FilledDisk {
  const { blocks, bsize } = statfsSync(folder);
  if (blocks * bsize > largestDisk) throw new Error(`${folder} is not on a small disk of its own`);
  const fillers: string[] = [];
  for (const size of [largest, 65_536, 4096, 512]) {
    for (let full = false; !full;) {
      const filler = join(folder, `filler-${fillers.length}`);
      fillers.push(filler);
      try {
        writeFileSync(filler, Buffer.alloc(size));
      } catch {
        full = true;
      }
    }
  }
  return {
    // The first ones are the largest.
    makeRoom: (bytes = Infinity) =>
      fillers
        .splice(0, Math.min(fillers.length, Math.ceil(bytes / largest)))
        .forEach((filler) => rmSync(filler, { force: true })),
  };
}

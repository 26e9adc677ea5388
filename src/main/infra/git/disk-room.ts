import { statfs } from 'node:fs/promises';
import { DiskFull } from '../../app/ports/workspace.ts';
import { isOutOfSpace, shown } from './errors.ts';

/** What must be free before work on a disk begins, in bytes: git's objects, SQLite's log and a report take that much. */
export const minRoomBytes = 16 * 1024 * 1024;

/** Throws `DiskFull` when one of the disks that hold `paths` has less room than `minRoomBytes`. */
export async function ensureRoom(paths: readonly string[]): Promise<void> {
  const tightest = await tightestOf(paths);
  if (tightest.freeBytes < minRoomBytes) throw diskFull(tightest.path);
}

/** `work` on the disks that hold `paths`; its failure for want of space becomes a `DiskFull` that names the disk. */
export async function onDisks<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isOutOfSpace(error) ? diskFull((await tightestOf(paths)).path) : error;
  }
}

const diskFull = (path: string): DiskFull =>
  new DiskFull(
    `The disk that holds ${shown(path)} is full: free some space (${minRoomBytes / 1024 / 1024} MB at least), then the job goes on by itself`,
  );

/**
 * A path that cannot be asked about counts as roomy, as does one on a file system that does not count its blocks: what is
 * wrong with it shows when it is used.
 */
async function tightestOf(paths: readonly string[]): Promise<{ path: string; freeBytes: number }> {
  const rooms = await Promise.all(
    paths.map(async (path) => {
      const disk = await statfs(path).catch(() => null);
      const isCounted = disk !== null && disk.blocks > 0;
      return { path, freeBytes: isCounted ? disk.bavail * disk.bsize : Infinity };
    }),
  );
  return rooms.reduce((least, room) => (room.freeBytes < least.freeBytes ? room : least));
}

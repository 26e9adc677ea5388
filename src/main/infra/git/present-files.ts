import { type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files above this are not recorded: hosts refuse them, and an agent's download must not fill the user's repository. */
export const maxRecordedBytes = 100 * 1024 * 1024;

/** What must happen in the index for each path that git reports as new, changed or gone. Names are raw bytes. */
export interface IndexChanges {
  /** Gone from the disk: `update-index --remove` sees that by itself. */
  gone: Buffer[];
  /** Regular files and symlinks to record. */
  present: Buffer[];
  /** Tracked paths at which there is no file any more but a folder, a device or a way through a symlink. */
  displaced: Buffer[];
  /** Folders of nested repositories, relative, with their trailing slash; never recorded, never entered. */
  nested: Buffer[];
  /** Left out because of their size. */
  tooLarge: Buffer[];
}

/** Splits git's NUL-terminated list. Duplicates (a file that is both changed and gone) are taken once. */
export function splitNul(list: Buffer): Buffer[] {
  const seen = new Set<string>();
  const paths: Buffer[] = [];
  let start = 0;
  for (let end = list.indexOf(0, start); end !== -1; end = list.indexOf(0, start)) {
    const path = list.subarray(start, end);
    const key = path.toString('latin1');
    if (!seen.has(key)) paths.push(path);
    seen.add(key);
    start = end + 1;
  }
  return paths;
}

/** Looks at each path on the disk, following no symlink, and sorts it. */
export async function sortPaths(worktree: string, paths: readonly Buffer[]): Promise<IndexChanges> {
  const changes: IndexChanges = { gone: [], present: [], displaced: [], nested: [], tooLarge: [] };
  const folders = new Map<string, Promise<boolean>>();
  const root = Buffer.from(worktree + '/');
  for (let at = 0; at < paths.length; at += 64) {
    const batch = paths.slice(at, at + 64);
    const kinds = await Promise.all(batch.map((path) => kindOf(root, path, folders)));
    batch.forEach((path, index) => changes[kinds[index] ?? 'gone'].push(path));
  }
  return changes;
}

async function kindOf(
  root: Buffer,
  path: Buffer,
  folders: Map<string, Promise<boolean>>,
): Promise<keyof IndexChanges> {
  if (path.at(-1) === 0x2f) return 'nested';
  if (await behindSymlink(root, path, folders)) return 'displaced';
  const info = await statOf(Buffer.concat([root, path]));
  if (info === null) return 'gone';
  if (info.isSymbolicLink()) return 'present';
  if (!info.isFile()) return 'displaced';
  return info.size > maxRecordedBytes ? 'tooLarge' : 'present';
}

/** Whether a folder on the way is a symlink; each folder is looked at once. */
function behindSymlink(root: Buffer, path: Buffer, folders: Map<string, Promise<boolean>>): Promise<boolean> {
  const slash = path.lastIndexOf(0x2f);
  if (slash === -1) return Promise.resolve(false);
  const folder = path.subarray(0, slash);
  const key = folder.toString('latin1');
  const known = folders.get(key);
  if (known) return known;
  const answer = behindSymlink(root, folder, folders).then(
    async (above) => above || ((await statOf(Buffer.concat([root, folder])))?.isSymbolicLink() ?? false),
  );
  folders.set(key, answer);
  return answer;
}

const statOf = (path: Buffer): Promise<Stats | null> => lstat(path).catch(() => null);

/** Absolute path of a relative one; bytes that are no UTF-8 stay what they are. */
export const absolute = (worktree: string, path: Buffer): Buffer =>
  Buffer.concat([Buffer.from(join(worktree, '/')), path]);

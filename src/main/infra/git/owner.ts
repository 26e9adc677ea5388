import { lchown, lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * When we are root and the worktree belongs to another user (the sandbox's), gives that user what git has written as
 * root. Returns whether there was anything to do. Follows no symlink.
 */
export async function giveToOwner(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const owner = await lstat(folder);
  if (owner.uid === 0) return false;
  await give(folder, owner.uid, owner.gid);
  return true;
}

async function give(folder: string, uid: number, gid: number): Promise<void> {
  for await (const entry of await opendir(folder, { encoding: 'buffer' as BufferEncoding })) {
    // With the encoding above, names are bytes whatever the types say.
    const path = Buffer.concat([Buffer.from(join(folder, '/')), Buffer.from(entry.name)]);
    const info = await lstat(path);
    if (info.uid === 0) await lchown(path, uid, gid);
    if (entry.isDirectory()) await give(path.toString(), uid, gid);
  }
}

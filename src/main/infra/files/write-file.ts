import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openFolder } from './confined-folder.ts';
import { codeOf, refuse } from './file-errors.ts';
import { maxFileBytes } from './read-lines.ts';

const draftFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces or creates a file in one step: a reader sees the old content or the new, and a crash leaves one of them.
 * The draft lies beside the worktree, not in it, so that none can end up in a commit. The mode of a file that was
 * there is kept. As root, what is made belongs to the worktree's owner, who is the sandbox's user.
 */
export async function writeFileInside(
  root: string,
  names: readonly string[],
  path: string,
  text: string,
): Promise<{ created: boolean }> {
  const name = names.at(-1);
  if (name === undefined) throw refuse(`"${path}" is the repository itself, not a file.`);
  const bytes = Buffer.from(text);
  if (bytes.length > maxFileBytes)
    throw refuse(`"${path}" would be larger than 2 MiB. Write it with a command.`);
  const owner = await ownerOf(root);
  const folder = await openFolder(root, names.slice(0, -1), { owner });
  const draft = join(dirname(root), `.${basename(root)}.${randomUUID()}.draft`);
  try {
    const before = await existing(folder.at(name), path);
    const handle = await open(draft, draftFlags, 0o600);
    await fill(handle, bytes, before, owner);
    await rename(draft, folder.at(name));
    return { created: before === null };
  } finally {
    await rm(draft, { force: true });
    await folder.close();
  }
}

async function fill(
  handle: FileHandle,
  bytes: Uint8Array,
  before: Stats | null,
  owner: { uid: number; gid: number } | null,
): Promise<void> {
  try {
    await handle.writeFile(bytes);
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(before === null ? 0o644 : before.mode & 0o777);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function existing(file: string, path: string): Promise<Stats | null> {
  try {
    const info = await lstat(file);
    if (info.isFile()) return info;
    if (info.isDirectory()) throw refuse(`"${path}" is a folder, not a file.`);
    if (info.isSymbolicLink()) {
      throw refuse(`"${path}" is a symlink. Nothing is written through symlinks: name the file it leads to.`);
    }
    throw refuse(`"${path}" is no regular file, but a device, pipe or socket.`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function ownerOf(root: string): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = await lstat(root);
  return { uid, gid };
}

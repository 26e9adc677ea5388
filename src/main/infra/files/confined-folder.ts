import { constants, existsSync } from 'node:fs';
import { type FileHandle, lchown, lstat, mkdir, open, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { parseWorktreePath } from '../../domain/worktree-path.ts';
import { codeOf, refuse } from './file-errors.ts';

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * On Linux a path below `/proc/self/fd/<n>` starts at an open folder, whatever has since happened to its name: no
 * symlink put in place of a folder between a check and its use can lead out. Elsewhere the path itself is used.
 */
const throughHandles = process.platform === 'linux' && existsSync('/proc/self/fd');

/** An open folder of the worktree. `at(name)` is a path for a call that must not follow a symlink at its end. */
export interface ConfinedFolder {
  at(name: string): string;
  /** The folder itself, for listing it. */
  self: string;
  /** Opens a folder in it; the caller closes both. Rejects with ELOOP or ENOTDIR for a symlink. */
  enter(name: string): Promise<ConfinedFolder>;
  close(): Promise<void>;
}

/** Opens the folder `names` below `root`, following no symlink below it. With `create`, makes what is missing. */
export async function openFolder(
  root: string,
  names: readonly string[],
  create?: FolderMaker,
): Promise<ConfinedFolder> {
  let folder = confined(await open(root, constants.O_RDONLY | constants.O_DIRECTORY), root);
  for (const name of names) {
    try {
      const next = await enterOrMake(folder, name, create);
      await folder.close();
      folder = next;
    } catch (error) {
      await folder.close();
      throw error;
    }
  }
  return folder;
}

/** How missing folders are made: by whom they are owned, when we are root. */
export interface FolderMaker {
  owner: { uid: number; gid: number } | null;
}

async function enterOrMake(
  folder: ConfinedFolder,
  name: string,
  create: FolderMaker | undefined,
): Promise<ConfinedFolder> {
  try {
    return await folder.enter(name);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') await refuseSymlink(folder, name);
    if (codeOf(error) !== 'ENOENT' || create === undefined) throw error;
  }
  const made = await mkdir(folder.at(name), { mode: 0o755 }).then(() => true, ignoreExisting);
  if (made && create.owner) await lchown(folder.at(name), create.owner.uid, create.owner.gid);
  return folder.enter(name);
}

/** Something came there in between; entering it shows what. */
function ignoreExisting(error: unknown): false {
  if (codeOf(error) !== 'EEXIST') throw error;
  return false;
}

/** Opening a symlink as a folder says ENOTDIR; a model is helped by the true reason. */
async function refuseSymlink(folder: ConfinedFolder, name: string): Promise<void> {
  const info = await lstat(folder.at(name));
  if (info.isSymbolicLink()) {
    throw refuse(`"${name}" is a symlink. Nothing is changed through symlinks: name the folder it leads to.`);
  }
}

function confined(handle: FileHandle, path: string): ConfinedFolder {
  const self = throughHandles ? `/proc/self/fd/${handle.fd}` : path;
  return {
    self,
    at: (name) => `${self}/${name}`,
    enter: async (name) => confined(await open(`${self}/${name}`, folderFlags), join(path, name)),
    close: () => handle.close(),
  };
}

/** Names of a path that may be changed: as given, so that a symlink on the way is met and refused. */
export function namesOf(path: string): string[] {
  const parsed = parseWorktreePath(path);
  if (!parsed.ok) throw refuse(parsed.error.message);
  return parsed.value;
}

/**
 * Names of what a path that is only read leads to. Symlinks within the worktree are resolved, those that lead out or
 * into git's folder are refused. `root` is a real path.
 */
export async function resolvedNamesOf(root: string, path: string): Promise<string[]> {
  const real = await realpath(join(root, ...namesOf(path)));
  const inside = relative(root, real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || real === inside) {
    throw refuse(`"${path}" is a symlink that leads out of the repository. It cannot be used.`);
  }
  return namesOf(inside.split(sep).join('/'));
}

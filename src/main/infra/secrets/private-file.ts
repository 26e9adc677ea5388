import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../../../shared/errors.ts';

/** Where modes mean nothing, the folder's own rights must do. */
const hasModes = process.platform !== 'win32';

/** Text of a file that only its owner can read; null where there is none. The error says what to do. */
export function readPrivateFile(path: string): Result<string | null, string> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(null) : err(cannot('read', path, error));
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return err(`${path} is not a file: name another path`);
    if (hasModes && stat.uid !== process.getuid?.())
      return err(`${path} belongs to another user: move it away, or name another path`);
    if (hasModes && (stat.mode & 0o077) !== 0)
      return err(
        `${path} can be read by others, so what it holds may be known to them: run "chmod 600 ${path}", and sign out and in again if you share this machine`,
      );
    return ok(readFileSync(file, 'utf8'));
  } catch (error) {
    return err(cannot('read', path, error));
  } finally {
    closeSync(file);
  }
}

/** Makes the folder (0700) where it is missing; one that is there must be its owner's alone. */
export function checkPrivateFolder(path: string): Result<null, string> {
  const folder = dirname(realPathOf(path));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = statSync(folder);
    if (hasModes && stat.uid !== process.getuid?.())
      return err(`${folder} belongs to another user: name a path in a folder of your own`);
    if (hasModes && (stat.mode & 0o077) !== 0)
      return err(
        `${folder} is open to others: run "chmod 700 ${folder}", or name a path in a folder of its own`,
      );
    return ok(null);
  } catch (error) {
    return err(cannot('use', folder, error));
  }
}

/** Replaces the file (0600) as a whole: a reader sees the old text or the new one, whatever happens. Throws. */
export function replacePrivateFile(path: string, text: string): void {
  const target = realPathOf(path);
  const draft = join(
    dirname(target),
    `.${basename(target)}.${process.pid}.${randomBytes(4).toString('hex')}`,
  );
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, target);
    if (hasModes) syncFolder(dirname(target));
  } finally {
    rmSync(draft, { force: true });
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A link stays a link. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

export const cannot = (act: string, path: string, error: unknown): string =>
  `Cannot ${act} ${path} (${codeOf(error)}): make it yours and writable, or name another path`;

import { type Err, err } from '../../../shared/errors.ts';
import type { FileError } from '../../app/ports/workspace.ts';

/** A refusal on its way up; `asFileResult` turns it into data. The message is written for the model that asked. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
}

export const refuse = (message: string): FileRefusal => new FileRefusal(message);

/** The code of a system error, or an empty string. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const reasons: Record<string, string> = {
  ENOENT: 'does not exist. Use list_files to see what there is.',
  ENOTDIR: 'goes through a file as if it were a folder.',
  EISDIR: 'is a folder, not a file.',
  ELOOP: 'is a symlink, or goes through one. Name the file it leads to.',
  EACCES: 'cannot be opened: its permissions forbid it.',
  EPERM: 'cannot be changed: its permissions forbid it.',
  ENAMETOOLONG: 'is too long a name.',
  ENXIO: 'is not a regular file.',
  ENOSPC: 'cannot be written: the disk is full.',
  EROFS: 'cannot be written: the disk is read-only.',
};

/** A refusal or a system error as data; anything else is a defect and goes on up. */
export function toFileError(path: string, error: unknown): Err<FileError> {
  if (error instanceof FileRefusal) return err({ message: error.message });
  const reason = reasons[codeOf(error)];
  if (reason === undefined) throw error;
  return err({ message: `"${path}" ${reason}` });
}

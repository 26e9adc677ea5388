import Database from 'better-sqlite3';
import type { AppError } from '../../../shared/errors.ts';
import { StoreUnavailable } from '../../app/ports/store.ts';

/** How long a write waits for another process to finish its own, in milliseconds. */
export const busyTimeoutMs = 5000;

/**
 * The failure of an SQLite call as the error that the rest of the app knows: trouble of the disk or the file becomes
 * `StoreUnavailable`; anything else is a defect of ours and stays what it was.
 */
export function asStoreFailure(error: unknown, path: string): unknown {
  const failure = describeFailure(error, path);
  return failure === null ? error : new StoreUnavailable(failure, error);
}

/** Null when the error is not about the disk or the file. */
export function describeFailure(error: unknown, path: string): AppError | null {
  const code = errorCode(error);
  const advice = adviceFor(code, path);
  return advice === null ? null : { code: 'unavailable', message: `${advice} (${code})` };
}

/** Another process holds the lock that was asked for. */
export const isBusy = (error: unknown): boolean => errorCode(error).startsWith('SQLITE_BUSY');

function errorCode(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}

function adviceFor(code: string, path: string): string | null {
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    return `The disk that holds ${path} is full: free some space and try again; nothing was lost`;
  }
  if (/^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/.test(code)) {
    return `The database ${path} cannot be written: make the file and its folder writable for this user`;
  }
  if (/^(SQLITE_CORRUPT|SQLITE_NOTADB)/.test(code)) {
    return `The database ${path} is damaged or not a database; it was left as it is: restore a copy (${path}.backup-v*), or move the file away to start with an empty one`;
  }
  if (/^(SQLITE_BUSY|SQLITE_LOCKED)/.test(code)) {
    return `Another process has kept the database ${path} locked for ${busyTimeoutMs / 1000} s: end it, or try again`;
  }
  if (/^(ENOTDIR|EEXIST|EISDIR|ENAMETOOLONG|ELOOP)/.test(code)) {
    return `The database cannot be at ${path}: choose another path`;
  }
  if (/^(SQLITE_IOERR|SQLITE_NOMEM|SQLITE_NOLFS|SQLITE_PROTOCOL|EIO|EMFILE|ENFILE)/.test(code)) {
    return `Reading or writing the database ${path} failed: check the disk`;
  }
  return null;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

export const tokenPath = (dataFolder: string): string => join(dataFolder, 'api-token');

/** The token on disk, or null when there is none that this version wrote. */
export function readToken(dataFolder: string): string | null {
  try {
    const token = readFileSync(tokenPath(dataFolder), 'utf8').trim();
    return tokenPattern.test(token) ? token : null;
  } catch {
    return null;
  }
}

/**
 * The API token of a data folder: 32 random bytes, base64url, in a 0600 file, made on first use. Of two processes
 * that start at once one creates the file and both read it. Throws when the folder cannot be written.
 */
export function ensureToken(dataFolder: string): string {
  const existing = readToken(dataFolder);
  if (existing !== null) {
    // A copied or restored folder may have lost the mode.
    chmodSync(tokenPath(dataFolder), 0o600);
    return existing;
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  // Written aside and linked into place, so that no reader ever sees half a token.
  const draft = `${tokenPath(dataFolder)}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${token}\n`, { mode: 0o600, flag: 'wx' });
  try {
    return publish(draft, dataFolder, token);
  } finally {
    rmSync(draft, { force: true });
  }
}

function publish(draft: string, dataFolder: string, token: string): string {
  try {
    linkSync(draft, tokenPath(dataFolder));
    return token;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const theirs = readToken(dataFolder);
  if (theirs !== null) return theirs;
  // What is there holds no token (edited by hand, cut by a full disk): replace it.
  renameSync(draft, tokenPath(dataFolder));
  return token;
}

/** Compares in constant time, whatever the lengths. */
export function sameToken(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

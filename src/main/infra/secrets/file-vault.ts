import type { SecretStoreStatus } from '../../../shared/accounts.ts';
import { err, ok, type Result } from '../../../shared/errors.ts';
import { VaultWriteFailed, type SecretVault, type VaultFailure } from '../../app/ports/secrets.ts';
import { cannot, checkPrivateFolder, replacePrivateFile } from './private-file.ts';
import { readTokenFile, writtenTokenFile, type TokenFile } from './token-file.ts';

export interface FileVaultOptions {
  /** Absolute. */
  tokenPath: string;
  /** Of sign-ins under way. */
  pendingPath: string;
}

const failed = (message: string): VaultFailure => ({ state: 'failed', message });

/**
 * Secrets in files that only their owner can read, because the user asked for it (`DEV_CREW_OAUTH_TOKEN_PATH`). Values
 * are JSON texts. A file that is not as it should be is neither used nor overwritten. The database's write lock keeps
 * processes of one data folder apart.
 */
export function createFileVault({ tokenPath, pendingPath }: FileVaultOptions): SecretVault {
  const pathOf = (name: string): string => (name.startsWith('login:') ? pendingPath : tokenPath);
  return {
    status: async () => {
      const file = readTokenFile(tokenPath);
      const folder = file.ok ? checkPrivateFolder(tokenPath) : file;
      return folder.ok
        ? { kind: 'file', state: 'ok', detail: tokenPath, advice: '' }
        : failedStatus(folder.error);
    },
    read: async (name) => {
      const file = readTokenFile(pathOf(name));
      if (!file.ok) return err(failed(file.error));
      return ok(Object.hasOwn(file.value, name) ? JSON.stringify(file.value[name]) : null);
    },
    names: async () => {
      const file = readTokenFile(tokenPath);
      return file.ok ? ok(Object.keys(file.value)) : err(failed(file.error));
    },
    prepare: async (changes) => {
      const paths = [...new Set(Object.keys(changes).map(pathOf))];
      for (const path of paths) {
        const usable = checkUsable(path);
        if (!usable.ok) return usable;
      }
      return ok(() => {
        for (const path of paths) {
          const own = Object.entries(changes).filter(([name]) => pathOf(name) === path);
          writeChanges(path, Object.fromEntries(own));
        }
      });
    },
  };
}

function checkUsable(path: string): Result<TokenFile, VaultFailure> {
  const folder = checkPrivateFolder(path);
  if (!folder.ok) return err(failed(folder.error));
  const file = readTokenFile(path);
  return file.ok ? file : err(failed(file.error));
}

function writeChanges(path: string, changes: Record<string, string | null>): void {
  const file = readTokenFile(path);
  if (!file.ok) throw new VaultWriteFailed(failed(file.error));
  const secrets = new Map(Object.entries(file.value));
  for (const [name, text] of Object.entries(changes)) {
    if (text === null) secrets.delete(name);
    else secrets.set(name, JSON.parse(text) as unknown);
  }
  try {
    replacePrivateFile(path, writtenTokenFile(Object.fromEntries(secrets)));
  } catch (error) {
    throw new VaultWriteFailed(failed(cannot('write', path, error)), error);
  }
}

function failedStatus(message: string): SecretStoreStatus {
  const [detail = message, ...advice] = message.split(': ');
  return { kind: 'file', state: 'failed', detail, advice: advice.join(': ') };
}

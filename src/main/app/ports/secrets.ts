import type { SecretStoreStatus } from '../../../shared/accounts.ts';
import type { Result } from '../../../shared/errors.ts';
import type { SecretsTable } from './account-store.ts';

/** Why secrets cannot be read or written. `message` is one line that says what to do, and holds no secret. */
export interface VaultFailure {
  /** `lost`: this secret is there and can never be read again, because its key is gone. */
  state: Exclude<SecretStoreStatus['state'], 'ok'> | 'lost';
  message: string;
}

/** Writes what was prepared. Inside of a transaction; may run twice. Throws `VaultWriteFailed`. */
export type ApplySecrets = (tables: { secrets: SecretsTable }) => void;

/** Where secrets are kept: the keychain's key and the database's ciphertext, or a file (design.md §4). */
export interface SecretVault {
  /** Answers within some seconds, whatever the keychain does. */
  status(): Promise<SecretStoreStatus>;
  /** Null where there is none of that name. */
  read(name: string): Promise<Result<string | null, VaultFailure>>;
  /** Names with a secret, where the vault can tell (a file that came from elsewhere); else empty. */
  names(): Promise<Result<string[], VaultFailure>>;
  /** Null removes. What is returned writes all of it, together with what its transaction writes. */
  prepare(changes: Readonly<Record<string, string | null>>): Promise<Result<ApplySecrets, VaultFailure>>;
}

/** A file could not be written; nothing of the transaction happened. */
export class VaultWriteFailed extends Error {
  readonly failure: VaultFailure;
  constructor(failure: VaultFailure, cause?: unknown) {
    super(failure.message, { cause });
    this.name = 'VaultWriteFailed';
    this.failure = failure;
  }
}

import { err, ok, type Result } from '../../../shared/errors.ts';
import type { AccountKey } from '../ports/account-store.ts';
import { VaultWriteFailed, type VaultFailure } from '../ports/secrets.ts';
import type { Tables } from '../ports/store.ts';
import type { AccountDeps } from './account-deps.ts';
import { parseStoredSecret, secretName, secretsIn, type StoredSecret } from './stored-grant.ts';

/** The secrets of accounts. Whatever passes here is taken out of every text from then on. */
export interface AccountSecrets {
  /** Null: there is none. */
  load(key: AccountKey): Promise<Result<StoredSecret | null, VaultFailure>>;
  /** Saves (null: forgets) the secret of an account together with what `work` writes, as one. */
  save<T>(
    key: AccountKey,
    secret: StoredSecret | null,
    work: (tables: Tables) => T,
  ): Promise<Result<T, VaultFailure>>;
  /** The same for any named text. */
  saveText<T>(
    name: string,
    text: string | null,
    work: (tables: Tables) => T,
  ): Promise<Result<T, VaultFailure>>;
  /** Takes texts out of everything that is logged, stored or shown, from now on. */
  hide(texts: readonly (string | null)[]): void;
}

export function createAccountSecrets(
  deps: Pick<AccountDeps, 'store' | 'vault' | 'redactor'>,
): AccountSecrets {
  const { store, vault, redactor } = deps;
  const hidden = new Set<string>();
  const hide = (texts: readonly (string | null)[]): void => {
    for (const text of texts) {
      if (text === null || text === '' || hidden.has(text)) continue;
      hidden.add(text);
      redactor.addLiteral(text);
    }
  };
  const saveText: AccountSecrets['saveText'] = async (name, text, work) => {
    const prepared = await vault.prepare({ [name]: text });
    if (!prepared.ok) return prepared;
    try {
      return ok(
        store.transaction((tables) => {
          prepared.value(tables);
          return work(tables);
        }),
      );
    } catch (error) {
      if (error instanceof VaultWriteFailed) return err(error.failure);
      throw error;
    }
  };
  return {
    hide,
    saveText,
    load: async (key) => {
      const text = await vault.read(secretName(key));
      if (!text.ok || text.value === null) return text as Result<null, VaultFailure>;
      const secret = parseStoredSecret(text.value);
      if (secret === null)
        return err({
          state: 'lost',
          message: 'What was stored of this sign-in is from another version. Sign in again.',
        });
      hide(secretsIn(secret));
      return ok(secret);
    },
    save: (key, secret, work) => {
      if (secret !== null) hide(secretsIn(secret));
      return saveText(secretName(key), secret === null ? null : JSON.stringify(secret), work);
    },
  };
}

import type { SecretStoreStatus } from '../../../shared/accounts.ts';
import { err, ok } from '../../../shared/errors.ts';
import type { SecretVault, VaultFailure } from '../../app/ports/secrets.ts';
import { seal, unseal } from './seal.ts';
import { createVaultKey, type KeyDeps } from './vault-key.ts';
import { keychainAdvice, keychainDetail } from './vault-texts.ts';

/** Secrets sealed in the database under a key of the keychain. */
export function createKeychainVault(deps: KeyDeps): SecretVault {
  const key = createVaultKey(deps);
  const { clock, store } = deps;
  return {
    status: async () => {
      const found = await key.find();
      return found.ok ? { kind: 'keychain', state: 'ok', detail: '', advice: '' } : statusOf(found.error);
    },
    read: async (name) => {
      const row = store.tables.secrets.get(name);
      if (row === null) return ok(null);
      const found = await key.find();
      if (!found.ok) return found;
      const { value } = found;
      const text = value?.id === row.keyId ? unseal(value.bytes, name, row.sealed) : null;
      return text === null ? err(lost) : ok(text);
    },
    names: async () => ok([]),
    prepare: async (changes) => {
      const removed = Object.keys(changes).filter((name) => changes[name] === null);
      const kept = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
      // Forgetting must work while the keychain does not.
      if (kept.length === 0) return ok(({ secrets }) => removed.forEach((name) => secrets.remove(name)));
      const found = await key.findOrMake();
      if (!found.ok) return found;
      const { id: keyId, bytes } = found.value;
      const sealed = kept.map(([name, text]) => [name, { keyId, sealed: seal(bytes, name, text) }] as const);
      return ok(({ secrets }) => {
        removed.forEach((name) => secrets.remove(name));
        sealed.forEach(([name, secret]) => secrets.set(name, secret, clock.now()));
      });
    },
  };
}

const lost: VaultFailure = {
  state: 'lost',
  message: 'The key that this sign-in was stored under is gone (the keychain was reset). Sign in again.',
};

function statusOf({ state, message }: VaultFailure): SecretStoreStatus {
  const kind = 'keychain';
  // The keychain works; what is lost is told of each account.
  if (state === 'lost') return { kind, state: 'ok', detail: message, advice: '' };
  return { kind, state, detail: keychainDetail(state, ''), advice: keychainAdvice(state) };
}

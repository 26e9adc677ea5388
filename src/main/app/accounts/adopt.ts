import { parseBaseUrl } from '../../domain/base-url.ts';
import { freshAccount, type AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { saveSignedIn } from './login-finish.ts';
import { accountOfName } from './stored-grant.ts';

/**
 * Takes in the accounts of a token file that this data folder has not seen: one that was made by `dev-crew login
 * --token-path` elsewhere, or copied here. Never rejects; a file that cannot be read is told by the vault's status.
 */
export async function adoptAccounts(deps: AccountDeps, secrets: AccountSecrets): Promise<void> {
  const names = await deps.vault.names();
  if (!names.ok) return;
  for (const key of names.value.map(accountOfName)) {
    if (key === null || deps.store.tables.accounts.get(key)?.state === 'ok') continue;
    const loaded = await secrets.load(key);
    const secret = loaded.ok ? loaded.value : null;
    if (secret === null) continue;
    deps.store.transaction((tables) => {
      if (secret.kind === 'oauth') return saveSignedIn(tables, key, secret, deps.clock.now());
      const { accounts } = tables;
      const row = accounts.get(key) ?? freshAccount(key, 'api_key', deps.clock.now());
      const baseUrl = secret.baseUrl === null ? null : (parseBaseUrl(secret.baseUrl)?.url ?? null);
      accounts.save({ ...row, kind: 'api_key', state: 'ok', detail: '', baseUrl });
      if (accounts.active(key.provider) === null) accounts.activate(key);
    });
  }
}

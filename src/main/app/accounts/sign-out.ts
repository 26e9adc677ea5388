import type { AccountKey } from '../ports/account-store.ts';
import type { AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';

/**
 * Signs an account out because its provider, or the loss of its secret, leaves no other way; tells its user. The
 * account itself stays, with its name and limits, for the next sign-in.
 */
export async function signOutForGood(
  deps: AccountDeps,
  secrets: AccountSecrets,
  key: AccountKey,
  reason: string,
): Promise<void> {
  const name = deps.store.transaction(({ accounts }) => {
    const row = accounts.get(key);
    if (row === null || row.state === 'signed_out') return null;
    accounts.save({ ...row, state: 'signed_out', detail: reason, expiresAtMs: null });
    return row.name;
  });
  const forgotten = await secrets.save(key, null, () => undefined);
  if (!forgotten.ok)
    deps.log.warn('the tokens of a signed-out account stay', { ...key, error: forgotten.error.message });
  if (name === null) return;
  deps.log.warn('account signed out', { ...key, reason });
  deps.onSignedOut({ ...key, name, reason });
  deps.onChange();
}

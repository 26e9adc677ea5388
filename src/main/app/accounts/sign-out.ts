import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { AccountKey } from '../ports/account-store.ts';
import type { AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { howToSignIn } from './provider-facts.ts';

/**
 * Signs an account out because its provider, or the loss of its secret, leaves no other way; tells its user. The
 * account itself stays, with its name and limits, for the next sign-in.
 */
export async function signOutForGood(
  deps: AccountDeps,
  secrets: AccountSecrets,
  { provider, accountId }: AccountKey,
  reason: string,
): Promise<void> {
  const key = { provider, accountId };
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

/** Longest time that a person waits for the provider to take the tokens back, in ms. */
const revokeLimitMs = 10_000;

export interface SignedOutByUser {
  revoked: boolean;
  /** What was done, in one line. */
  detail: string;
}

/** What a person asks for: the tokens are taken back where the provider can, and forgotten in every case. */
export async function signOut(
  deps: AccountDeps,
  secrets: AccountSecrets,
  key: AccountKey,
  forget: boolean,
): Promise<Result<SignedOutByUser>> {
  const row = deps.store.tables.accounts.get(key);
  if (row === null) return fail('not_found', 'There is no such account');
  // Read before it is forgotten, revoked after: whatever the network does, it is gone from here.
  const loaded = await secrets.load(key);
  const forgotten = await secrets.save(key, null, ({ accounts }) => {
    if (forget) accounts.remove(key);
    else
      accounts.save({
        ...row,
        state: 'signed_out',
        detail: `Signed out. ${howToSignIn(key)}`,
        expiresAtMs: null,
        blockedUntilMs: null,
      });
  });
  if (!forgotten.ok) return fail('unavailable', forgotten.error.message);
  deps.log.info('signed out', { ...key, forget });
  deps.onChange();
  if (!loaded.ok) return ok({ revoked: false, detail: `Forgotten, not revoked: ${loaded.error.message}` });
  if (loaded.value?.kind !== 'oauth') return ok({ revoked: false, detail: 'Forgotten' });
  const limits = { signal: AbortSignal.timeout(revokeLimitMs), requestMs: revokeLimitMs };
  const revoked = (await deps.providers(key.provider)?.revoke(loaded.value, limits)) ?? false;
  return ok({
    revoked,
    detail: revoked
      ? 'Forgotten, and taken back by the provider'
      : 'Forgotten; the provider did not confirm that it took the tokens back',
  });
}

import type { ProviderId } from '../../../shared/models.ts';
import type { SignedOut } from '../event-bus.ts';
import type { AccountKey, AccountRow } from '../ports/account-store.ts';
import type { SignInProviders } from '../ports/oauth.ts';
import type { SecretVault } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids, Log, ProcessFacts, Redactor } from '../ports/system.ts';

/** What all of sign-in works with. */
export interface AccountDeps {
  /** That of the user's data folder, whichever database the jobs are in: a sign-in is the user's, not a repository's. */
  store: Store;
  vault: SecretVault;
  providers: SignInProviders;
  clock: Clock;
  ids: Ids;
  facts: ProcessFacts;
  /** Name of this start of this process (`leaseOwner`). */
  owner: string;
  redactor: Pick<Redactor, 'addLiteral'>;
  /** Did the user accept the warning of a provider that has one. */
  consented: (provider: ProviderId) => boolean;
  log: Log;
  /** Accounts changed: whoever waits for one looks again. */
  onChange: () => void;
  onSignedOut: (notice: SignedOut) => void;
}

/** A new account as it is before anything is known of it. */
export const freshAccount = (key: AccountKey, kind: AccountRow['kind'], nowMs: number): AccountRow => ({
  ...key,
  name: key.accountId,
  kind,
  email: null,
  plan: null,
  baseUrl: null,
  active: false,
  state: 'ok',
  detail: '',
  facts: {},
  createdAtMs: nowMs,
  lastUsedAtMs: null,
  expiresAtMs: null,
  quota: null,
  blockedUntilMs: null,
  maxCostUsdPerDay: null,
  maxTokensPerDay: null,
});

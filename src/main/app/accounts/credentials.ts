import { err, ok, type Result } from '../../../shared/errors.ts';
import type { ProviderId } from '../../../shared/models.ts';
import { isDue, isUsable } from '../../domain/token-times.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import type { AccountKey, AccountRow } from '../ports/account-store.ts';
import type { Credential, Credentials } from '../ports/credentials.ts';
import type { OAuthFailure } from '../ports/oauth.ts';
import type { VaultFailure } from '../ports/secrets.ts';
import type { AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { createAccountNotes } from './account-notes.ts';
import { howToSignIn, providerFacts } from './provider-facts.ts';
import type { Refresher } from './refresher.ts';
import { signOutForGood } from './sign-out.ts';
import type { StoredSecret } from './stored-grant.ts';

export interface CredentialsDeps {
  deps: AccountDeps;
  secrets: AccountSecrets;
  refresher: Refresher;
  /** `DEV_CREW_LLM_ACCOUNT_ID`: the account to use of every provider; null for the active ones. */
  accountId: string | null;
}

type Found = Result<Credential, ModelError>;
type Oauth = Extract<StoredSecret, { kind: 'oauth' }>;

/** The port `Credentials` over accounts, vault and refresher. */
export function createCredentials(parts: CredentialsDeps): Credentials {
  const { deps, secrets, refresher } = parts;
  const notes = createAccountNotes(deps);

  const use = async (row: AccountRow, spent: string | null, signal: AbortSignal): Promise<Found> => {
    if (row.kind === 'none')
      return ok({ ...noCredential(row.provider), accountId: row.accountId, baseUrl: row.baseUrl });
    const loaded = await secrets.load(row);
    if (!loaded.ok) return vaultFailed(deps, secrets, row, loaded.error);
    if (loaded.value === null) {
      const reason = `Nothing is stored of this sign-in any more. ${howToSignIn(row)}`;
      await signOutForGood(deps, secrets, row, reason);
      return invalid(reason);
    }
    notes.used(row);
    if (loaded.value.kind === 'api_key')
      return loaded.value.apiKey === spent
        ? invalid(`The provider refused the key of ${named(row)}. ${howToSignIn(row)}`)
        : ok(credentialOf(row, loaded.value));
    const { accessToken } = loaded.value.tokens;
    if (accessToken === spent || isDue(loaded.value.tokens, deps.clock.now()))
      return renewed(row, loaded.value, spent, signal);
    return ok(credentialOf(row, loaded.value));
  };
  const renewed = async (
    row: AccountRow,
    old: Oauth,
    spent: string | null,
    signal: AbortSignal,
  ): Promise<Found> => {
    const outcome = await unlessAborted(refresher.refresh(keyOf(row), old.tokens.accessToken), signal);
    if (outcome === null) return err({ kind: 'canceled', message: 'Canceled' });
    if (outcome.ok) return ok(credentialOf(row, { kind: 'oauth', ...outcome.value }));
    const stillGood = old.tokens.accessToken !== spent && isUsable(old.tokens, deps.clock.now());
    if (outcome.error.kind === 'transient' && stillGood) return ok(credentialOf(row, old));
    return err(asModelError(row, outcome.error));
  };

  return {
    active: async (provider, signal) => {
      const row = chosen(parts, provider);
      return row.ok ? (row.value === null ? ok(noCredential(provider)) : use(row.value, null, signal)) : row;
    },
    renew: async (stale, signal) => {
      const row = deps.store.tables.accounts.get(stale);
      const usable = row === null ? invalid(howToSignIn(stale)) : usableRow(deps, row);
      return usable.ok && row !== null ? use(row, stale.secret, signal) : (usable as Found);
    },
    gate: notes.gate,
    observe: notes.observe,
  };
}

/** The account that calls of the provider are made with; null where it needs none. */
function chosen(
  { deps, accountId }: CredentialsDeps,
  provider: ProviderId,
): Result<AccountRow | null, ModelError> {
  if (!providerFacts[provider].needsAccount) return ok(null);
  const { accounts } = deps.store.tables;
  const row = accountId === null ? accounts.active(provider) : accounts.get({ provider, accountId });
  if (row !== null) return usableRow(deps, row);
  if (accountId !== null)
    return invalid(
      `DEV_CREW_LLM_ACCOUNT_ID names the account "${accountId}", which ${providerFacts[provider].name} has not. ${howToSignIn({ provider, accountId })}`,
    );
  const others = accounts.list().some((other) => other.provider === provider);
  return invalid(
    others
      ? `No account of ${providerFacts[provider].name} is the active one: choose one in Accounts.`
      : `There is no account of ${providerFacts[provider].name}. ${howToSignIn({ provider, accountId: 'default' })}`,
  );
}

function usableRow(deps: AccountDeps, row: AccountRow): Result<AccountRow, ModelError> {
  const { consent } = providerFacts[row.provider];
  if (consent !== null && !deps.consented(row.provider))
    // No matter of signing in again: a job that waited for that would wait for ever.
    return err({
      kind: 'unsupported',
      message: `${providerFacts[row.provider].name} is off until its warning is accepted in Accounts. Better use a Gemini API key, which has no such risk.`,
    });
  if (row.state === 'signed_out') return invalid(`${named(row)} is signed out: ${row.detail}`);
  if (row.blockedUntilMs !== null && row.blockedUntilMs > deps.clock.now())
    return err({
      kind: 'quota_exhausted',
      resetsAtMs: row.blockedUntilMs,
      message: `${named(row)} has nothing left until ${new Date(row.blockedUntilMs).toISOString()}`,
    });
  return ok(row);
}

const credentialOf = (row: AccountRow, secret: StoredSecret): Credential => ({
  provider: row.provider,
  accountId: row.accountId,
  kind: row.kind,
  secret: secret.kind === 'api_key' ? secret.apiKey : secret.tokens.accessToken,
  baseUrl: secret.kind === 'api_key' ? (secret.baseUrl ?? row.baseUrl) : row.baseUrl,
  facts: secret.kind === 'api_key' ? row.facts : secret.identity.facts,
});

const noCredential = (provider: ProviderId): Credential => ({
  provider,
  accountId: 'default',
  kind: 'none',
  secret: '',
  baseUrl: null,
  facts: {},
});

const keyOf = ({ provider, accountId }: AccountRow): AccountKey => ({ provider, accountId });

const invalid = (message: string): Result<never, ModelError> => err({ kind: 'auth_invalid', message });

const named = ({ provider, name }: AccountRow): string =>
  `The account "${name}" of ${providerFacts[provider].name}`;

async function vaultFailed(
  deps: AccountDeps,
  secrets: AccountSecrets,
  key: AccountKey,
  { state, message }: VaultFailure,
): Promise<Found> {
  if (state !== 'lost') return err({ kind: 'auth_expired', message });
  await signOutForGood(deps, secrets, key, message);
  return invalid(message);
}

const asModelError = (row: AccountRow, { kind, message }: OAuthFailure): ModelError => ({
  kind: kind === 'denied' ? 'auth_invalid' : 'auth_expired',
  message: kind === 'denied' ? `${named(row)} is signed out: ${message}` : message,
});

/** Null when aborted first; the refresh itself goes on for the others who wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  const { promise, resolve } = Promise.withResolvers<null>();
  const onAbort = (): void => resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

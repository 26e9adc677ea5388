import type { Account } from '../../../shared/accounts.ts';
import { err, fail, ok, type Result } from '../../../shared/errors.ts';
import type { ParsedInputOf } from '../../../shared/operations.ts';
import { parseBaseUrl, warningText, type BaseUrl } from '../../domain/base-url.ts';
import type { AccountRow } from '../ports/account-store.ts';
import type { Credential } from '../ports/credentials.ts';
import type { ModelLister } from '../ports/model.ts';
import { freshAccount, type AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { accountView } from './account-views.ts';
import { providerFacts } from './provider-facts.ts';
import { secretsIn, type StoredSecret } from './stored-grant.ts';

type Input = ParsedInputOf<'accounts.addKey'>;
type KeySecret = Extract<StoredSecret, { kind: 'api_key' }>;

/** Longest time of the call that checks a key, in ms. */
const checkLimitMs = 15_000;

export interface AddKeyDeps {
  deps: AccountDeps;
  secrets: AccountSecrets;
  listers: () => readonly ModelLister[];
}

/** Adds or replaces an account with a key, once its provider has taken the key. */
export async function addKey(
  { deps, secrets, listers }: AddKeyDeps,
  input: Input,
  signal: AbortSignal,
): Promise<Result<{ account: Account; warning: string }>> {
  const base = baseOf(input);
  if (!base.ok) return base;
  const key = readKey(input);
  if (!key.ok) return key;
  const secret = secretOf(input, key.value, base.value);
  if (secret !== null) secrets.hide(secretsIn(secret));
  const lister = listers().find(({ provider }) => provider === input.provider);
  const checked = await check(lister, credentialOf(input, secret, base.value), signal);
  if (!checked.ok && (checked.error.code === 'forbidden' || !input.unchecked)) return checked;
  const saved = await save(deps, secrets, input, secret, base.value);
  if (!saved.ok) return saved;
  const warnings = (base.value?.warnings ?? []).map(warningText);
  if (!checked.ok) warnings.push(checked.error.message);
  deps.onChange();
  const status = await deps.vault.status();
  return ok({ account: accountView(saved.value, status, deps.clock.now()), warning: warnings.join(' ') });
}

function baseOf({ provider, base_url: text }: Input): Result<BaseUrl | null> {
  if (text === undefined || text.trim() === '') return ok(null);
  if (!providerFacts[provider].customBaseUrl)
    return fail('invalid_input', `${providerFacts[provider].name} takes no address of its own`);
  const base = parseBaseUrl(text);
  return base === null ? fail('invalid_input', 'base_url takes an http or https address') : ok(base);
}

function readKey({ provider, api_key: text }: Input): Result<string> {
  const { methods, name } = providerFacts[provider];
  const key = text.trim();
  if (!methods.includes('api_key'))
    return fail(
      'invalid_input',
      `${name} takes no API key${methods.includes('browser') ? ': sign in to it' : ''}`,
    );
  if (key === '' && !methods.includes('none')) return fail('invalid_input', `${name} needs an API key`);
  // It goes into a header, where anything else is an error of the network later.
  if (!/^[\x21-\x7e]*$/.test(key))
    return fail('invalid_input', 'That key has spaces or letters that no key has: copy it again');
  return ok(key);
}

/** Null for a server that asks for nothing: then there is nothing to keep secret. */
function secretOf(input: Input, apiKey: string, base: BaseUrl | null): KeySecret | null {
  const whole = base?.authorization == null ? null : (input.base_url ?? '').trim();
  if (apiKey === '' && whole === null) return null;
  return { kind: 'api_key', apiKey, baseUrl: whole ?? base?.url ?? null };
}

const credentialOf = (input: Input, secret: KeySecret | null, base: BaseUrl | null): Credential => ({
  provider: input.provider,
  accountId: input.account_id,
  kind: secret === null ? 'none' : 'api_key',
  secret: secret?.apiKey ?? '',
  baseUrl: secret?.baseUrl ?? base?.url ?? null,
  facts: {},
});

async function check(
  lister: ModelLister | undefined,
  credential: Credential,
  signal: AbortSignal,
): Promise<Result<null>> {
  if (lister === undefined) return fail('unavailable', 'The key was not checked.');
  const limits = AbortSignal.any([signal, AbortSignal.timeout(checkLimitMs)]);
  const listed = await lister.list({ credential }, limits);
  if (listed.ok) return ok(null);
  const { kind, message } = listed.error;
  if (kind === 'auth_invalid' || kind === 'auth_expired' || kind === 'not_entitled')
    return fail('forbidden', `The provider does not take this key: ${message}`);
  return fail('unavailable', `The key could not be checked: ${message}`);
}

async function save(
  { store, clock }: AccountDeps,
  secrets: AccountSecrets,
  input: Input,
  secret: KeySecret | null,
  base: BaseUrl | null,
): Promise<Result<AccountRow>> {
  const key = { provider: input.provider, accountId: input.account_id };
  const saved = await secrets.save(key, secret, ({ accounts }) => {
    const kind = secret === null ? 'none' : 'api_key';
    const row = accounts.get(key) ?? freshAccount(key, kind, clock.now());
    accounts.save({
      ...row,
      kind,
      name: input.name ?? row.name,
      baseUrl: base?.url ?? null,
      state: 'ok',
      detail: '',
      facts: {},
      expiresAtMs: null,
      blockedUntilMs: null,
    });
    if (accounts.active(key.provider) === null) accounts.activate(key);
  });
  if (!saved.ok) return err({ code: 'unavailable', message: saved.error.message });
  return ok(store.tables.accounts.get(key) ?? freshAccount(key, 'none', clock.now()));
}

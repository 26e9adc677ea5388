import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { Account } from '../../../shared/accounts.ts';
import type { ParsedInputOf } from '../../../shared/operations.ts';
import type { Handlers } from '../handlers.ts';
import { addKey, type AddKeyDeps } from './add-key.ts';
import { accountView, providerInfos } from './account-views.ts';
import type { LoginService } from './login-service.ts';
import { signOut } from './sign-out.ts';

type AccountOperation = Extract<keyof Handlers, `accounts.${string}`>;

export interface AccountHandlerDeps extends AddKeyDeps {
  logins: LoginService;
  /** Takes in accounts that a token file brought along; never rejects. */
  adopt: () => Promise<void>;
}

/** Handlers of `accounts.*`. No answer holds a token or a key. */
export function createAccountHandlers(parts: AccountHandlerDeps): Pick<Handlers, AccountOperation> {
  const { deps, secrets, logins, adopt } = parts;
  return {
    'accounts.list': async () => {
      await adopt();
      const status = await deps.vault.status();
      const rows = deps.store.tables.accounts.list();
      return ok({
        accounts: rows.map((row) => accountView(row, status, deps.clock.now())),
        providers: providerInfos(deps),
        secrets: status,
        logins: (await logins.list()).filter(({ state }) => state === 'waiting' || state === 'exchanging'),
      });
    },
    'accounts.addKey': (input, signal) => addKey(parts, input, signal),
    'accounts.startLogin': (input) => logins.start(input),
    'accounts.login': ({ login_id: loginId, wait_seconds: seconds }, signal) =>
      logins.get(loginId, seconds * 1000, signal),
    'accounts.pasteLogin': ({ login_id: loginId, text }) => logins.paste(loginId, text),
    'accounts.cancelLogin': ({ login_id: loginId }) => logins.cancel(loginId),
    'accounts.update': (input) => update(parts, input),
    'accounts.signOut': ({ provider, account_id: accountId, forget }) =>
      signOut(deps, secrets, { provider, accountId }, forget),
  };
}

async function update(
  { deps }: AccountHandlerDeps,
  input: ParsedInputOf<'accounts.update'>,
): Promise<Result<Account>> {
  const key = { provider: input.provider, accountId: input.account_id };
  const row = deps.store.transaction(({ accounts }) => {
    const known = accounts.get(key);
    if (known === null) return null;
    const { max_cost_usd_per_day: cost, max_tokens_per_day: tokens } = input;
    accounts.save({
      ...known,
      name: input.name ?? known.name,
      maxCostUsdPerDay: cost === undefined ? known.maxCostUsdPerDay : cost,
      maxTokensPerDay: tokens === undefined ? known.maxTokensPerDay : tokens,
      // Whoever chooses an account wants it tried, whatever its provider said before.
      blockedUntilMs: input.active === true ? null : known.blockedUntilMs,
    });
    if (input.active === true) accounts.activate(key);
    return accounts.get(key);
  });
  if (row === null) return fail('not_found', 'There is no such account');
  deps.onChange();
  return ok(accountView(row, await deps.vault.status(), deps.clock.now()));
}

import { z } from 'zod';
import type { Login } from '../../../shared/accounts.ts';
import { err, ok, type Result } from '../../../shared/errors.ts';
import { isDead } from '../lease-owner.ts';
import type { LoginRow, LoginState } from '../ports/account-store.ts';
import type { PendingLogin } from '../ports/oauth.ts';
import type { VaultFailure } from '../ports/secrets.ts';
import { closeLogin, endedLoginLifeMs, type LoginContext } from './login-context.ts';

const pendingSchema = z.object({
  state: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  client: z.object({ id: z.string(), secret: z.string().nullable() }),
  redirectUri: z.string(),
  authorizeUrl: z.string(),
  device: z.object({ deviceAuthId: z.string(), userCode: z.string(), intervalMs: z.number() }).nullable(),
  expected: z.object({ subject: z.string().nullable(), clientId: z.string().nullable() }),
});

const pendingName = (loginId: string): string => `login:${loginId}`;

/** Takes its secrets out of every text; the state is in the address that its user opens, so that stays readable. */
function hidePending({ secrets }: LoginContext, pending: PendingLogin): void {
  secrets.hide([pending.codeVerifier, pending.client.secret, pending.device?.deviceAuthId ?? null]);
}

/** Stores a sign-in with its secret half; `row` is inserted, or updated where there is one. */
export async function saveLogin(
  context: LoginContext,
  row: LoginRow,
  pending: PendingLogin,
): Promise<Result<null, VaultFailure>> {
  hidePending(context, pending);
  const text = JSON.stringify(pending);
  const saved = await context.secrets.saveText(pendingName(row.loginId), text, ({ logins }) => {
    if (logins.get(row.loginId) === null) logins.insert(row);
    else logins.update(row);
    return null;
  });
  context.changed();
  return saved;
}

/** The secret half; null when it is gone. */
export async function pendingOf(
  context: LoginContext,
  loginId: string,
): Promise<Result<PendingLogin | null, VaultFailure>> {
  const text = await context.deps.vault.read(pendingName(loginId));
  if (!text.ok) return text;
  if (text.value === null) return ok(null);
  try {
    const pending = pendingSchema.parse(JSON.parse(text.value));
    hidePending(context, pending);
    return ok(pending);
  } catch {
    return err({ state: 'lost', message: 'This sign-in was begun by another version: start again' });
  }
}

/** Ends a sign-in that is in `from`, forgets its secret half and stops listening. False when it was in another state. */
export async function endLogin(
  context: LoginContext,
  loginId: string,
  from: LoginState,
  to: Exclude<LoginState, 'waiting' | 'exchanging'>,
  error: string | null,
): Promise<boolean> {
  const { deps } = context;
  const ended = deps.store.transaction(({ logins }) => {
    const row = logins.get(loginId);
    if (row === null || !logins.move(loginId, from, to)) return false;
    logins.update({ ...row, state: to, error, listening: false });
    return true;
  });
  if (!ended) return false;
  const forgotten = await context.secrets.saveText(pendingName(loginId), null, () => undefined);
  if (!forgotten.ok) deps.log.warn('a pending sign-in stays stored', { error: forgotten.error.message });
  void closeLogin(context, loginId);
  context.changed();
  return true;
}

/** Ends those whose time is over. */
export async function expireLogins(context: LoginContext): Promise<void> {
  const { store, clock, facts } = context.deps;
  const nowMs = clock.now();
  const over = store.tables.logins
    .list()
    // An exchange ends by itself, unless its process died.
    .filter((row) => row.expiresAtMs <= nowMs && (row.state === 'waiting' || isDead(row.owner, facts)));
  for (const { loginId, state } of over)
    await endLogin(context, loginId, state, 'expired', 'The sign-in took too long. Start again.');
}

/** Forgets those that ended long ago. */
export function forgetOldLogins({ deps: { store, clock } }: LoginContext): void {
  store.transaction(({ logins }) => logins.removeEnded(clock.now() - endedLoginLifeMs));
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** As a page sees it. The authorize address is told only while it is good for something. */
export async function loginView(context: LoginContext, row: LoginRow): Promise<Login> {
  const waits = row.state === 'waiting' && row.method !== 'device';
  const pending = waits ? await pendingOf(context, row.loginId) : ok(null);
  return {
    login_id: row.loginId,
    provider: row.provider,
    account_id: row.accountId,
    method: row.method,
    state: row.state,
    authorize_url: (pending.ok ? pending.value?.authorizeUrl : null) ?? null,
    redirect_uri: row.redirectUri,
    listening: row.listening,
    notice: pending.ok ? row.notice : pending.error.message,
    user_code: row.userCode,
    verification_url: row.verificationUrl,
    error: row.error,
    created_at: iso(row.createdAtMs),
    expires_at: iso(row.expiresAtMs),
  };
}

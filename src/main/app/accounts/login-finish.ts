import { err, ok, type Result } from '../../../shared/errors.ts';
import type { PastedAnswer } from '../../domain/pasted-answer.ts';
import type { AccountKey, LoginRow } from '../ports/account-store.ts';
import type { AnswerOutcome } from '../ports/loopback.ts';
import type { Grant, OAuthClient, OAuthFailure, PendingLogin, SignInProvider } from '../ports/oauth.ts';
import type { Tables } from '../ports/store.ts';
import { freshAccount } from './account-deps.ts';
import type { LoginContext } from './login-context.ts';
import { endLogin, pendingOf, saveLogin } from './login-records.ts';

export type CodeAnswer = Extract<PastedAnswer, { kind: 'code' }>;

/** What a sign-in needs to be ended; null when it waits no more, or cannot be read. */
export interface Finishing {
  row: LoginRow;
  pending: PendingLogin;
  provider: SignInProvider;
}

export async function finishingOf(
  context: LoginContext,
  loginId: string,
): Promise<Result<Finishing | null, string>> {
  const row = context.deps.store.tables.logins.get(loginId);
  const provider = row === null ? null : context.deps.providers(row.provider);
  if (row?.state !== 'waiting' || provider === null) return ok(null);
  const pending = await pendingOf(context, loginId);
  if (!pending.ok) return err(pending.error.message);
  return ok(pending.value === null ? null : { row, pending: pending.value, provider });
}

/** What the loopback address was called with. It names our state, as the listener made sure. */
export async function finishByCallback(
  context: LoginContext,
  loginId: string,
  answer: PastedAnswer,
): Promise<AnswerOutcome> {
  const finishing = await finishingOf(context, loginId);
  if (!finishing.ok) return { kind: 'failed', message: finishing.error };
  if (finishing.value === null) return { kind: 'late' };
  const { provider, pending } = finishing.value;
  if (answer.kind !== 'code') {
    const message =
      answer.kind === 'error'
        ? provider.explain(answer.error, answer.description)
        : 'The browser came back without a code. Start again.';
    return (await endLogin(context, loginId, 'waiting', 'failed', message))
      ? { kind: 'failed', message }
      : { kind: 'late' };
  }
  const client = provider.clientOf(pending, answer);
  if (client.ok) return finishByCode(context, finishing.value, client.value, answer.code);
  const { message } = client.error;
  await endLogin(context, loginId, 'waiting', 'failed', message);
  return { kind: 'failed', message };
}

/**
 * Exchanges the code and keeps what it gives: once, whoever comes first of callback, paste and other processes. Ends the
 * sign-in either way, because a code is good for one try.
 */
export async function finishByCode(
  context: LoginContext,
  { row, pending, provider }: Finishing,
  client: OAuthClient,
  code: string,
): Promise<AnswerOutcome> {
  const { deps, secrets } = context;
  const { loginId } = row;
  const claimed = deps.store.transaction(({ logins }) => {
    if (!logins.move(loginId, 'waiting', 'exchanging')) return false;
    logins.update({ ...row, state: 'exchanging', owner: deps.owner });
    return true;
  });
  if (!claimed) return { kind: 'late' };
  context.changed();
  secrets.hide([code]);
  const exchanged = await exchange(context, { row, pending, provider }, client, code);
  const kept = exchanged.ok ? await keepGrant(context, row, exchanged.value) : exchanged;
  const message = kept.ok ? null : kept.error.message;
  await endLogin(context, loginId, 'exchanging', kept.ok ? 'done' : 'failed', message);
  deps.log.info(kept.ok ? 'signed in' : 'a sign-in failed', {
    provider: row.provider,
    accountId: row.accountId,
    ...(message === null ? {} : { error: message }),
  });
  if (message !== null) return { kind: 'failed', message };
  deps.onChange();
  return { kind: 'signed_in' };
}

/** An issued client is stored before it is used (llm-protocols.md §1.2): it cannot be had a second time. */
async function exchange(
  context: LoginContext,
  { row, pending, provider }: Finishing,
  client: OAuthClient,
  code: string,
): Promise<Result<Grant, OAuthFailure>> {
  if (client.id !== pending.client.id) {
    const saved = await saveLogin(
      context,
      { ...row, state: 'exchanging', owner: context.deps.owner },
      { ...pending, expected: { ...pending.expected, clientId: client.id } },
    );
    if (!saved.ok) return err({ kind: 'transient', message: saved.error.message });
  }
  const signal = new AbortController().signal;
  return provider.exchange(pending, client, code, { signal, requestMs: row.httpTimeoutMs });
}

async function keepGrant(
  { deps, secrets }: LoginContext,
  { provider, accountId, httpTimeoutMs }: LoginRow,
  grant: Grant,
): Promise<Result<null, OAuthFailure>> {
  const key = { provider, accountId };
  const saved = await secrets.save(key, { kind: 'oauth', ...grant }, (tables) => {
    saveSignedIn(tables, key, grant, deps.clock.now());
    return null;
  });
  if (saved.ok) return ok(null);
  // Nobody could ever use or end it otherwise.
  const signal = new AbortController().signal;
  await deps.providers(provider)?.revoke(grant, { signal, requestMs: httpTimeoutMs });
  return err({ kind: 'transient', message: saved.error.message });
}

/** The row of an account that has just signed in; the first of a provider becomes the active one. */
export function saveSignedIn({ accounts }: Tables, key: AccountKey, grant: Grant, nowMs: number): void {
  const row = accounts.get(key) ?? freshAccount(key, 'oauth', nowMs);
  const { email, plan, facts } = grant.identity;
  accounts.save({
    ...row,
    kind: 'oauth',
    email,
    plan,
    facts,
    baseUrl: null,
    state: 'ok',
    detail: '',
    expiresAtMs: grant.tokens.expiresAtMs,
    quota: null,
    blockedUntilMs: null,
  });
  if (accounts.active(key.provider) === null) accounts.activate(key);
}

import type { Login } from '../../../shared/accounts.ts';
import { err, fail, ok, type AppError, type Result } from '../../../shared/errors.ts';
import { readPastedAnswer } from '../../domain/pasted-answer.ts';
import { isDead } from '../lease-owner.ts';
import type { LoginRow } from '../ports/account-store.ts';
import { closeLogin, endedLoginLifeMs, isOver, type LoginContext } from './login-context.ts';
import { finishByCode, finishingOf } from './login-finish.ts';
import { endLogin, expireLogins, forgetOldLogins, loginView, pendingOf } from './login-records.ts';
import { beginLogin, resumeLogin, vaultError, type StartInput } from './login-start.ts';
import { providerFacts } from './provider-facts.ts';

export interface LoginService {
  start(input: StartInput): Promise<Result<Login>>;
  /** As it stands; with `waitMs`, as soon as it ends, and then at the latest. */
  get(loginId: string, waitMs: number, signal: AbortSignal): Promise<Result<Login>>;
  paste(loginId: string, text: string): Promise<Result<Login>>;
  cancel(loginId: string): Promise<Result<Login>>;
  /** Under way, and those that ended within the last hour. */
  list(): Promise<Login[]>;
  /** Takes up what a process that is gone was waiting for. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

const notFound = (): Result<never> => fail('not_found', 'There is no such sign-in; start again');

export function createLoginService(context: LoginContext): LoginService {
  const { deps } = context;
  const { logins } = deps.store.tables;
  const view = async (loginId: string): Promise<Result<Login>> => {
    const row = logins.get(loginId);
    return row === null ? notFound() : ok(await loginView(context, row));
  };
  return {
    start: async (input) => {
      const provider = deps.providers(input.provider);
      const refusal = refusalOf(context, input);
      if (provider === null || refusal !== null) return err(refusal ?? noSignIn(input));
      await expireLogins(context);
      const resumed = await resumeOwn(context, input);
      if (resumed !== null) return ok(await loginView(context, resumed));
      const begun = await beginLogin(context, provider, input);
      return begun.ok ? ok(await loginView(context, begun.value)) : begun;
    },
    get: async (loginId, waitMs, signal) => {
      await expireLogins(context);
      if (waitMs > 0) await untilEnded(context, loginId, waitMs, signal);
      return view(loginId);
    },
    paste: async (loginId, text) => {
      const failed = await paste(context, loginId, text);
      return failed === null ? view(loginId) : err(failed);
    },
    cancel: async (loginId) => {
      const row = logins.get(loginId);
      if (row === null) return notFound();
      if (!(await endLogin(context, loginId, 'waiting', 'canceled', null)))
        return fail('invalid_state', `The sign-in is ${row.state} and cannot be canceled`);
      return view(loginId);
    },
    list: async () => {
      await expireLogins(context);
      const rows = logins.list(deps.clock.now() - endedLoginLifeMs);
      return Promise.all(rows.map((row) => loginView(context, row)));
    },
    resume: async () => {
      await expireLogins(context);
      forgetOldLogins(context);
      for (const row of logins.list()) if (isDead(row.owner, deps.facts)) await resumeDead(context, row);
    },
    stop: async () => {
      await Promise.all([...context.open.keys()].map((loginId) => closeLogin(context, loginId)));
    },
  };
}

const noSignIn = ({ provider }: StartInput): AppError => ({
  code: 'invalid_input',
  message: `${providerFacts[provider].name} is not signed in to in a browser: ${providerFacts[provider].methods.includes('api_key') ? 'add its API key' : 'it needs no account'}`,
});

/** Why this sign-in must not begin; null when it may. */
function refusalOf({ deps }: LoginContext, input: StartInput): AppError | null {
  const provider = deps.providers(input.provider);
  if (provider === null) return noSignIn(input);
  const { consent, name } = providerFacts[input.provider];
  if (!provider.methods.includes(input.method))
    return { code: 'invalid_input', message: `${name} has no sign-in by "${input.method}"` };
  if (consent !== null && !deps.consented(input.provider))
    return { code: 'forbidden', message: `${consent} To go on all the same, accept this first.` };
  const { redirect_uri: redirectUri, client_id: id, client_secret: secret } = input;
  if (redirectUri !== undefined && !/^https?:\/\/[^\s@]+$/.test(redirectUri))
    return { code: 'invalid_input', message: 'redirect_uri takes an http or https address' };
  const missing = provider.missing({ ...(id ? { id } : {}), ...(secret ? { secret } : {}) });
  return missing === null ? null : { code: 'invalid_input', message: missing };
}

/**
 * A sign-in of the same account that still waits is gone on with, so that what a browser was sent to before a restart
 * still counts. One with other options gives way to the new one.
 */
async function resumeOwn(context: LoginContext, input: StartInput): Promise<LoginRow | null> {
  const { deps } = context;
  const own = deps.store.tables.logins
    .list()
    .filter(({ provider, accountId }) => provider === input.provider && accountId === input.account_id);
  const plain = !input.redirect_uri && !input.client_id && !input.client_secret;
  let kept: LoginRow | null = null;
  for (const row of own) {
    const same = plain && row.method !== 'device' && input.method !== 'device';
    const switched = row.method === 'manual' && input.method === 'browser';
    if (kept === null && same && !switched && row.state === 'waiting') {
      const isOpen = context.open.has(row.loginId) || !isDead(row.owner, deps.facts);
      kept = isOpen ? row : await resumeDead(context, row);
    } else if (row.state === 'waiting') {
      // Its port must be free for the new one.
      await closeLogin(context, row.loginId);
      await endLogin(context, row.loginId, 'waiting', 'canceled', null);
    }
  }
  return kept;
}

async function resumeDead(context: LoginContext, row: LoginRow): Promise<LoginRow | null> {
  const pending = await pendingOf(context, row.loginId);
  // The keychain may be open later; until then nobody can listen for an answer that nobody can check.
  if (!pending.ok) return null;
  if (pending.value === null) {
    await endLogin(context, row.loginId, row.state, 'failed', 'The sign-in was interrupted. Start again.');
    return null;
  }
  return resumeLogin(context, row, pending.value.state);
}

/** Null when it was taken, whatever came of it; else why it was not, and the sign-in goes on. */
async function paste(context: LoginContext, loginId: string, text: string): Promise<AppError | null> {
  const row = context.deps.store.tables.logins.get(loginId);
  if (row === null) return { code: 'not_found', message: 'There is no such sign-in; start again' };
  const over: AppError = { code: 'invalid_state', message: `The sign-in is ${row.state}: start again` };
  const finishing = await finishingOf(context, loginId);
  if (!finishing.ok) return vaultError({ state: 'failed', message: finishing.error });
  if (finishing.value === null || row.method === 'device') return over;
  const { pending, provider } = finishing.value;
  const answer = readPastedAnswer(text);
  context.secrets.hide(answer.kind === 'code' ? [answer.code] : []);
  if (answer.kind === 'unreadable')
    return invalid('That is neither the address the browser ended at, nor the code in it: copy all of it.');
  if (answer.state !== null && answer.state !== pending.state)
    return invalid('That is the answer to another sign-in: paste the one of the page opened last.');
  if (answer.kind === 'error') {
    // Without the state anybody's word could end it.
    if (answer.state === null) return invalid(provider.explain(answer.error, answer.description));
    const message = provider.explain(answer.error, answer.description);
    return (await endLogin(context, loginId, 'waiting', 'failed', message)) ? null : over;
  }
  const client = provider.clientOf(pending, answer);
  if (!client.ok) return invalid(client.error.message);
  const outcome = await finishByCode(context, finishing.value, client.value, answer.code);
  return outcome.kind === 'late' ? over : null;
}

const invalid = (message: string): AppError => ({ code: 'invalid_input', message });

async function untilEnded(
  { deps, watch }: LoginContext,
  loginId: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const look = (): void => {
    if (isOver(deps.store.tables.logins.get(loginId)?.state)) done.abort();
  };
  const stop = watch(look);
  look();
  try {
    // Ends by the time, by the caller's going, or by the change.
    await deps.clock.sleep(waitMs, AbortSignal.any([signal, done.signal]));
  } catch {
    // Said by the state.
  } finally {
    stop();
  }
}

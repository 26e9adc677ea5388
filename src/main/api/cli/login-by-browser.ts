import { fail, ok, type Result } from '../../../shared/errors.ts';
import type { Login } from '../../../shared/accounts.ts';
import type { InputOf } from '../../../shared/operations.ts';
import type { LoginRun } from './login-command.ts';

/** How long the engine is asked to hold one question, in seconds. */
const waitSeconds = 20;

/** Sign-in in a browser, by a device code, or by pasting what the browser ended at. */
export async function loginByBrowser(run: LoginRun): Promise<Result<null>> {
  const request = await startInput(run);
  if (!request.ok) return request;
  const started = await run.session.call('accounts.startLogin', request.value);
  if (!started.ok) return started;
  const login = started.value;
  await show(run, login);
  const ended = await waitForEnd(run, login);
  if (!ended.ok) return ended;
  if (ended.value.state === 'done') return ok(null);
  return fail('unavailable', ended.value.error ?? `The sign-in was ${ended.value.state}`);
}

async function startInput({
  context,
  input,
  say,
}: LoginRun): Promise<Result<InputOf<'accounts.startLogin'>>> {
  const secret = input.provider === 'google-antigravity' && input.clientId !== undefined;
  if (secret) say('Paste the secret of that client, then press Enter:');
  const clientSecret = secret ? await context.readLine({ hidden: true, signal: context.signal }) : undefined;
  if (clientSecret === null) return fail('unavailable', 'No client secret was pasted');
  return ok({
    provider: input.provider,
    account_id: input.accountId,
    method: input.device ? 'device' : input.remote || input.manualInput ? 'manual' : 'browser',
    http_timeout_seconds: input.httpTimeoutSeconds,
    ...(input.redirectUri === undefined ? {} : { redirect_uri: input.redirectUri }),
    ...(input.clientId === undefined ? {} : { client_id: input.clientId }),
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret.trim() }),
  });
}

async function show({ context, input, step, say }: LoginRun, login: Login): Promise<void> {
  if (login.method === 'device') {
    step(2, `Your code: ${login.user_code ?? ''}`);
    step(3, `Open ${login.verification_url ?? ''} on any machine and type the code`);
    return;
  }
  const url = login.authorize_url ?? '';
  const expected = input.remote || input.manualInput ? 'Not listening, as you asked' : login.notice;
  step(2, login.listening ? `Listening at ${login.redirect_uri ?? ''}` : expected);
  const opened = input.browser && (await context.openBrowser(url));
  step(
    3,
    opened ? 'Your browser was opened; if it was not, open this address:' : 'Open this address in a browser:',
  );
  say(url);
}

/**
 * Whatever comes first: the browser, or the user who pastes what it ended at. Where nobody can come by the browser, or
 * nobody came in time, only pasting is left.
 */
async function waitForEnd(run: LoginRun, login: Login): Promise<Result<Login>> {
  const { context, input, step } = run;
  const byItself = login.listening || login.method === 'device';
  const mayPaste = input.manualFallback && login.method !== 'device';
  if (!byItself && !mayPaste)
    return fail('unavailable', `${login.notice} Pasting is off (--no-manual-fallback), so nothing can come`);
  const asking = 'paste the address that it ends at, or the code in it, then press Enter:';
  if (!byItself) step(4, `Sign in in the browser, then ${asking}`);
  else step(4, mayPaste ? `Waiting for the browser; or ${asking}` : 'Waiting for you to sign in');
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  try {
    const pasted = mayPaste ? pasteUntilEnded(run, login, signal) : never<Result<Login> | null>();
    // Without more input only the browser is left, and the other way round.
    if (!byItself) return (await pasted) ?? fail('unavailable', 'Nothing was pasted');
    const browsed = browserUntilEnded(run, login, signal);
    const first = await Promise.race([pasted.then((result) => result ?? browsed), browsed]);
    if (first !== null) return first;
    const late = `Nobody came back within ${input.timeoutMs / 1000} s`;
    if (!mayPaste) return fail('unavailable', late);
    run.say(`${late}. You can still ${asking}`);
    return (await pasted) ?? fail('unavailable', late);
  } finally {
    over.abort();
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const isOver = ({ state }: Login): boolean => state !== 'waiting' && state !== 'exchanging';

/** The login as it ended; null after the time limit. */
async function browserUntilEnded(
  { session, input }: LoginRun,
  { login_id }: Login,
  signal: AbortSignal,
): Promise<Result<Login> | null> {
  const end = Date.now() + input.timeoutMs;
  for (;;) {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) return null;
    const asked = await session.call('accounts.login', {
      login_id,
      wait_seconds: Math.min(left, waitSeconds),
    });
    if (signal.aborted) return fail('unavailable', 'Stopped; the same command goes on with this sign-in');
    if (!asked.ok || isOver(asked.value)) return asked;
  }
}

/** The same by pasting; null when there is nothing more to read. What is refused may be pasted again. */
async function pasteUntilEnded(
  { context, session, say }: LoginRun,
  { login_id }: Login,
  signal: AbortSignal,
): Promise<Result<Login> | null> {
  for (;;) {
    const text = await context.readLine({ hidden: false, signal });
    if (context.signal.aborted)
      return fail('unavailable', 'Stopped; the same command goes on with this sign-in');
    if (text === null) return null;
    if (text.trim() === '') continue;
    const pasted = await session.call('accounts.pasteLogin', { login_id, text });
    if (pasted.ok) return pasted;
    if (pasted.error.code !== 'invalid_input') return session.call('accounts.login', { login_id });
    say(pasted.error.message);
  }
}

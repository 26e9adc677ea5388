import type { AppError, Result } from '../../../shared/errors.ts';
import { err, fail, ok } from '../../../shared/errors.ts';
import type { ParsedInputOf } from '../../../shared/operations.ts';
import { answerOf, readClientId } from '../../domain/pasted-answer.ts';
import type { LoginRow } from '../ports/account-store.ts';
import type { LoopbackListener } from '../ports/loopback.ts';
import type { OAuthClient, SignInProvider } from '../ports/oauth.ts';
import type { VaultFailure } from '../ports/secrets.ts';
import { pollDevice } from './device-login.ts';
import { closeLogin, isOver, loginLifeMs, type LoginContext } from './login-context.ts';
import { finishByCallback } from './login-finish.ts';
import { expireLogins, saveLogin } from './login-records.ts';
import { providerFacts } from './provider-facts.ts';

export type StartInput = ParsedInputOf<'accounts.startLogin'>;

/** Longest time of one request, unless the caller gives another, in ms (compatibility.md §5). */
const httpTimeoutMs = 15_000;

/** Begins a sign-in that was checked: listens, or asks for a device code, and stores all that its end needs. */
export async function beginLogin(
  context: LoginContext,
  provider: SignInProvider,
  input: StartInput,
): Promise<Result<LoginRow>> {
  const client = clientOf(input);
  if (!client.ok) return client;
  const row = newRow(context, input);
  return input.method === 'device'
    ? beginDevice(context, provider, row, client.value)
    : beginBrowser(context, provider, row, client.value, input.redirect_uri ?? provider.redirect.fixed);
}

function clientOf({ client_id: id, client_secret: secret }: StartInput): Result<Partial<OAuthClient>> {
  const read = id === undefined ? undefined : readClientId(id);
  if (read === null)
    return fail('invalid_input', 'client_id takes an id, or a whole authorize address that has one');
  return ok({ ...(read === undefined ? {} : { id: read }), ...(secret ? { secret } : {}) });
}

function newRow({ deps }: LoginContext, input: StartInput): LoginRow {
  const nowMs = deps.clock.now();
  return {
    loginId: deps.ids.uuid(),
    provider: input.provider,
    accountId: input.account_id,
    method: input.method,
    state: 'waiting',
    redirectUri: null,
    listening: false,
    notice: '',
    userCode: null,
    verificationUrl: null,
    error: null,
    language: input.language ?? null,
    httpTimeoutMs:
      input.http_timeout_seconds === undefined ? httpTimeoutMs : input.http_timeout_seconds * 1000,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + loginLifeMs,
    owner: deps.owner,
  };
}

async function beginBrowser(
  context: LoginContext,
  provider: SignInProvider,
  row: LoginRow,
  client: Partial<OAuthClient>,
  fixedUri: string | null,
): Promise<Result<LoginRow>> {
  const { deps, secrets } = context;
  const previous = deps.store.tables.accounts.get(row);
  const loaded = await secrets.load(row);
  const idToken = loaded.ok && loaded.value?.kind === 'oauth' ? loaded.value.tokens.idToken : null;
  const place = await listenFor(context, provider, row, fixedUri);
  const pending = await provider.begin({
    redirectUri: place.redirectUri,
    client,
    previous: previous === null ? null : { facts: previous.facts, email: previous.email, idToken },
    installationId: context.installationId(),
  });
  const { listener, redirectUri, notice } = place;
  const begun = { ...row, redirectUri, notice, listening: listener !== null };
  const saved = await saveLogin(context, begun, pending);
  if (!saved.ok) {
    await listener?.close();
    return err(vaultError(saved.error));
  }
  listener?.expect(pending.state);
  track(context, begun, listener);
  return ok(begun);
}

interface Place {
  redirectUri: string;
  listener: LoopbackListener | null;
  /** Why the answer must be pasted. */
  notice: string;
}

/** Where the browser comes back to: a port of ours, or an address whose answer is pasted. */
async function listenFor(
  context: LoginContext,
  { redirect }: SignInProvider,
  row: LoginRow,
  fixedUri: string | null,
): Promise<Place> {
  const place = fixedUri === null ? redirect : loopbackOf(fixedUri);
  const pasted = fixedUri ?? `http://${redirect.host}:${redirect.ports[0] || 1455}${redirect.path}`;
  if (row.method === 'manual') return { redirectUri: pasted, listener: null, notice: '' };
  if (place === null)
    return {
      redirectUri: pasted,
      listener: null,
      notice: `${pasted} is not on this machine: paste the address that the browser ends at.`,
    };
  const { host, ports, path } = place;
  const opened = await context.listen({
    host,
    ports,
    path,
    language: row.language,
    onAnswer: (parameters) => finishByCallback(context, row.loginId, answerOf(parameters)),
  });
  if (opened.ok) return { redirectUri: opened.value.redirectUri, listener: opened.value, notice: '' };
  return {
    redirectUri: pasted,
    listener: null,
    notice: `${opened.error}: sign in in the browser, then paste the address that it ends at.`,
  };
}

/** Null for an address that is not this machine's. */
function loopbackOf(uri: string): { host: string; ports: readonly number[]; path: string } | null {
  const { protocol, hostname, port, pathname } = new URL(uri);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && isLocal
    ? { host: hostname, ports: [Number(port || 80)], path: pathname }
    : null;
}

async function beginDevice(
  context: LoginContext,
  { device }: SignInProvider,
  row: LoginRow,
  client: Partial<OAuthClient>,
): Promise<Result<LoginRow>> {
  if (device === null)
    return fail('invalid_input', `${providerFacts[row.provider].name} has no sign-in by a device code`);
  const signal = new AbortController().signal;
  const started = await device.start(client, { signal, requestMs: row.httpTimeoutMs });
  if (!started.ok) return fail('unavailable', started.error.message);
  const { pending, userCode, verificationUrl } = started.value;
  const begun = { ...row, userCode, verificationUrl };
  const saved = await saveLogin(context, begun, pending);
  if (!saved.ok) return err(vaultError(saved.error));
  void pollDevice(context, begun, track(context, begun, null));
  return ok(begun);
}

/** Keeps it open in this process until it ends or its time is over. The signal ends with it. */
export function track(context: LoginContext, row: LoginRow, listener: LoopbackListener | null): AbortSignal {
  const { clock, log, store } = context.deps;
  const ended = new AbortController();
  context.open.set(row.loginId, { ended, listener });
  // Another process may have ended it, by a paste.
  const stopWatching = context.watch(() => {
    if (isOver(store.tables.logins.get(row.loginId)?.state)) void closeLogin(context, row.loginId);
  });
  ended.signal.addEventListener('abort', stopWatching, { once: true });
  clock
    .sleep(row.expiresAtMs - clock.now(), ended.signal)
    .then(() => expireLogins(context))
    .catch((error: unknown) => {
      if (!ended.signal.aborted) log.error('a sign-in could not be expired', { error: String(error) });
    });
  return ended.signal;
}

/**
 * After a restart: listens at the same address again. A process that died in the middle of an exchange leaves it
 * unknown whether the code was spent; the browser's reload or another paste tells.
 */
export async function resumeLogin(context: LoginContext, row: LoginRow, state: string): Promise<LoginRow> {
  const { deps } = context;
  const provider = deps.providers(row.provider);
  const wants = row.method === 'browser' && row.redirectUri !== null && provider !== null;
  const place = wants ? await listenFor(context, provider, row, row.redirectUri) : null;
  const resumed: LoginRow = {
    ...row,
    state: 'waiting',
    owner: deps.owner,
    listening: place?.listener != null,
    notice: place?.notice ?? row.notice,
  };
  deps.store.transaction(({ logins }) => logins.update(resumed));
  place?.listener?.expect(state);
  const signal = track(context, resumed, place?.listener ?? null);
  if (row.method === 'device') void pollDevice(context, resumed, signal);
  context.changed();
  return resumed;
}

export const vaultError = ({ message }: VaultFailure): AppError => ({ code: 'unavailable', message });

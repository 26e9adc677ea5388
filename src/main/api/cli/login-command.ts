import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail, ok, type AppError, type Result } from '../../../shared/errors.ts';
import type { ProviderInfo } from '../../../shared/accounts.ts';
import { exitCode, type CliContext, type Command } from './context.ts';
import { loginByBrowser } from './login-by-browser.ts';
import { loginByKey } from './login-by-key.ts';
import { loginOptions, parseLoginInput, type LoginInput } from './login-input.ts';
import { jsonOption } from './options.ts';
import { openOwnEngine, openSession, type Session } from './session.ts';
import { oneLine } from './text.ts';
import { printError } from './watch.ts';

/** What a sign-in has to do with: the typed, the engine, and how it tells its steps. */
export interface LoginRun {
  context: CliContext;
  session: Session;
  input: LoginInput;
  provider: ProviderInfo;
  /** Tells a step, `[n/5]`. */
  step: (n: 1 | 2 | 3 | 4 | 5, text: string) => void;
  /** Tells something beside the steps. */
  say: (text: string) => void;
}

/** `dev-crew login` (compatibility.md §5). */
export const loginCommand: Command = {
  words: ['login'],
  summary: 'Sign in to a provider, or give its API key',
  positionals: [],
  options: [...loginOptions, jsonOption],
  run: async (context, typed) => {
    const input = parseLoginInput(typed);
    if (!input.ok) {
      context.err(`dev-crew: ${input.error}; see: dev-crew login --help`);
      return exitCode.usage;
    }
    const done = await login(context, input.value);
    return done.ok ? exitCode.ok : printError(context, done.error, input.value.json);
  },
};

async function login(context: CliContext, input: LoginInput): Promise<Result<null>> {
  const opened = await open(context, input);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const listed = await session.call('accounts.list', {});
    if (!listed.ok) return listed;
    const provider = listed.value.providers.find((info) => info.provider === input.provider);
    if (provider === undefined) return fail('unavailable', `The running server knows no ${input.provider}`);
    const run = { context, session, input, provider, ...teller(context, input) };
    const begun = await prepare(run);
    if (begun !== null) return { ok: false, error: begun };
    const done = provider.methods.includes('browser') ? await loginByBrowser(run) : await loginByKey(run);
    return done.ok ? await finish(run) : done;
  } finally {
    await session.close();
  }
}

/** Files of its own mean an engine of its own: a running server keeps what it signs in where it was told to. */
function open(context: CliContext, { tokenPath, pendingPath }: LoginInput): Promise<Result<Session>> {
  if (tokenPath === undefined && pendingPath === undefined)
    return openSession(context, 'accounts.startLogin');
  const { env, cwd } = context;
  const files = {
    ...(tokenPath === undefined ? {} : { DEV_CREW_OAUTH_TOKEN_PATH: resolve(cwd, tokenPath) }),
    ...(pendingPath === undefined ? {} : { DEV_CREW_OAUTH_PENDING_PATH: resolve(cwd, pendingPath) }),
  };
  return openOwnEngine({ ...context, env: { ...env, ...files } });
}

function teller({ out, err }: CliContext, { json }: LoginInput): Pick<LoginRun, 'step' | 'say'> {
  // With --json nothing but JSON goes to stdout.
  const print = json ? err : out;
  return { step: (n, text) => print(`[${n}/5] ${text}`), say: print };
}

/** What must be in order before anything begins; null when it is. */
async function prepare({ session, input, provider, step }: LoginRun): Promise<AppError | null> {
  step(1, `Signing in to ${provider.name}, account "${input.accountId}"`);
  if (provider.consent !== null && !provider.consent.given) {
    if (!input.acceptWarning) {
      const how = 'If you want it all the same, add --accept-warning';
      return { code: 'forbidden', message: `${provider.consent.text} ${how}` };
    }
    const accepted = await session.call('settings.update', { values: { antigravity_consent: true } });
    if (!accepted.ok) return accepted.error;
  }
  return null;
}

async function finish({ context, session, input, step }: LoginRun): Promise<Result<null>> {
  const listed = await session.call('accounts.list', {});
  if (!listed.ok) return listed;
  const { accounts, secrets } = listed.value;
  const account = accounts.find(
    ({ provider, account_id: id }) => provider === input.provider && id === input.accountId,
  );
  const who = account?.email ?? account?.name ?? input.accountId;
  const where = secrets.kind === 'file' ? secrets.detail : 'the keychain';
  step(5, `Signed in as ${oneLine(who)}; its secret is in ${where}`);
  const tokenPath = secrets.kind === 'file' ? secrets.detail : null;
  const status = {
    provider: input.provider,
    account_id: input.accountId,
    token_path: tokenPath,
    pending_path:
      input.pendingPath === undefined
        ? tokenPath && `${tokenPath}.pending`
        : resolve(context.cwd, input.pendingPath),
    completed_at: new Date().toISOString(),
  };
  if (input.json) context.out(JSON.stringify(status));
  return input.statusFile === undefined
    ? ok(null)
    : writeStatus(resolve(context.cwd, input.statusFile), status);
}

/** Whoever waits for the file sees all of it or none. */
function writeStatus(path: string, status: object): Result<null> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(status, null, 2)}\n`);
    renameSync(draft, path);
    return ok(null);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return fail('unavailable', `Signed in, but the status file ${path} cannot be written (${code})`);
  }
}

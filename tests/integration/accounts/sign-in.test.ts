import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAccountsProcess } from '../../support/accounts-process.ts';
import { accountFolder, openAccounts, type TestAccounts } from '../../support/accounts.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startOpenidProvider, type OpenidProvider } from '../../support/openid-provider.ts';
import type { Login } from '../../../src/shared/accounts.ts';

type Id = 'openai-codex' | 'chatgpt' | 'google-antigravity';
const ids: readonly Id[] = ['openai-codex', 'chatgpt', 'google-antigravity'];

let provider: OpenidProvider;
let place: ReturnType<typeof accountFolder>;
let accounts: TestAccounts;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  provider = await startOpenidProvider();
});
afterAll(() => provider.stop());
beforeEach(() => {
  place = accountFolder();
  accounts = open();
});
afterEach(async () => {
  await accounts.stop();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  place.remove();
  provider.behave({ deny: null, tokenAnswer: null, tokenFields: {}, subject: 'person-1', lifeSeconds: 3600 });
  provider.behave({ beforeToken: () => undefined });
  provider.tokenRequests.length = 0;
  provider.revoked.length = 0;
});

const env = (): Record<string, string> => ({
  DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath,
  ...provider.env('openai-codex'),
  ...provider.env('chatgpt'),
  ...provider.env('google-antigravity'),
});
const open = (more: Partial<Parameters<typeof openAccounts>[0]> = {}): TestAccounts =>
  openAccounts({ dataFolder: place.folder, consented: true, env: env(), ...more });
const signal = () => new AbortController().signal;

const start = (id: Id, more: object = {}): Promise<Login> =>
  accounts.call('accounts.startLogin', { provider: id, ...more });
const state = async ({ login_id }: Login): Promise<string> =>
  (await accounts.call('accounts.login', { login_id })).state;

/** What another program on this machine, or a page, can send. */
async function knock(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  const { hostname, port, pathname, search } = new URL(url);
  const sent = request({ hostname, port, path: pathname + search, method, headers }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

async function occupy(url: string): Promise<Server> {
  const server = createServer().listen(Number(new URL(url).port), '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => void server.close());
  return server;
}

describe.each(ids)('%s in a browser', (id) => {
  it('signs in by the loopback address, in the language of its user', async () => {
    const login = await start(id, { language: 'ko' });
    expect(login).toMatchObject({ state: 'waiting', listening: true, notice: '' });
    const end = await provider.browse(login.authorize_url!);
    expect([end.status, end.body]).toEqual([200, expect.stringContaining('로그인했습니다')]);
    const done = await accounts.call('accounts.login', { login_id: login.login_id });
    expect(done).toMatchObject({ state: 'done', error: null, authorize_url: null, listening: false });
    const credential = await accounts.credentials.active(id, signal());
    expect(credential).toMatchObject({ ok: true, value: { kind: 'oauth', accountId: 'default' } });
    const listed = await accounts.call('accounts.list', {});
    expect(listed.logins).toEqual([]);
    expect(listed.accounts).toMatchObject([
      { provider: id, state: 'ok', active: true, email: 'person-1@people.example' },
    ]);
    // One use: the port is free again.
    await expect(knock(login.redirect_uri!)).rejects.toThrow('ECONNREFUSED');
  });

  it('shows nothing secret to a page, a log or the database', async () => {
    const login = await start(id);
    await provider.browse(login.authorize_url!);
    const credential = await accounts.credentials.active(id, signal());
    if (!credential.ok) throw new Error(credential.error.message);
    const { code_verifier: verifier = '', code = '' } = provider.tokenRequests[0]!.form;
    const pages = JSON.stringify([
      login,
      await accounts.call('accounts.list', {}),
      await accounts.call('accounts.login', { login_id: login.login_id }),
    ]);
    const files = readdirSync(place.folder);
    expect(files.filter((name) => name.endsWith('.db'))).toHaveLength(2);
    const databases = files.map((name) => readFileSync(join(place.folder, name), 'latin1'));
    for (const secret of [credential.value.secret, verifier, code]) {
      expect(secret.length).toBeGreaterThan(20);
      for (const text of [pages, ...databases, accounts.logged.join('\n')])
        expect(text.includes(secret)).toBe(false);
      expect(await accounts.redactor.text(`it is ${secret}.`)).not.toContain(secret);
    }
  });
});

describe('what the loopback address refuses, and the sign-in goes on', () => {
  it('answers that are not the browser’s own way back', async () => {
    const login = await start('openai-codex');
    const back = await provider.redirectOf(login.authorize_url!);
    const wrong = new URL(back);
    wrong.searchParams.set('state', 'x'.repeat(43));
    const twice = `${back}&code=another`;
    const none = back.replace(/state=[^&]*/, '');
    const crossSite = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'empty',
    };
    const frame = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    };
    const denied = `${login.redirect_uri!}?error=access_denied&state=guessed`;
    const answers = [
      await knock(wrong.href),
      await knock(twice),
      await knock(none),
      await knock(denied),
      await knock(back.replace('/auth/callback', '/auth/callback/')),
      await knock(back, {}, 'POST'),
      await knock(back, { host: 'evil.example' }),
      await knock(back, { origin: 'https://evil.example' }),
      await knock(back, crossSite),
      await knock(back, frame),
    ];
    expect(answers).toEqual([400, 400, 400, 400, 404, 405, 403, 403, 403, 403]);
    expect(await state(login)).toBe('waiting');
    expect(provider.tokenRequests).toEqual([]);
    expect((await provider.browse(back)).status).toBe(200);
    expect(await state(login)).toBe('done');
  });

  it('a second answer while the first is under way, and after it', async () => {
    const login = await start('openai-codex');
    const back = await provider.redirectOf(login.authorize_url!);
    const go = Promise.withResolvers<null>();
    const reached = Promise.withResolvers<null>();
    provider.behave({
      beforeToken: async () => {
        reached.resolve(null);
        await go.promise;
      },
    });
    const first = provider.browse(back);
    await reached.promise;
    expect(await knock(back)).toBe(409);
    go.resolve(null);
    expect((await first).status).toBe(200);
    expect(provider.tokenRequests).toHaveLength(1);
  });
});

describe('a sign-in that fails says why', () => {
  it('in the browser: refused, without entitlement', async () => {
    provider.behave({ deny: { error: 'access_denied', description: 'missing_codex_entitlement' } });
    const login = await start('openai-codex');
    const end = await provider.browse(login.authorize_url!);
    expect([end.status, end.body]).toEqual([400, expect.stringContaining('no access to Codex')]);
    const failed = await accounts.call('accounts.login', { login_id: login.login_id });
    expect(failed).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no access to Codex') as string,
    });
  });

  it('an identity of another issuer', async () => {
    await using other = await startOpenidProvider();
    await accounts.stop();
    accounts = open({ env: { ...env(), DEV_CREW_OAUTH_CHATGPT_ISSUER: other.issuer } });
    const login = await start('chatgpt');
    const end = await provider.browse(login.authorize_url!);
    expect([end.status, end.body]).toEqual([400, expect.stringContaining('is not valid')]);
    expect((await accounts.call('accounts.list', {})).accounts).toEqual([]);
  });

  it('a returning sign-in of another person, or with another client', async () => {
    const first = await start('chatgpt');
    await provider.browse(first.authorize_url!);
    const again = await start('chatgpt');
    const address = new URL(again.authorize_url!).searchParams;
    expect(address.get('client_id')).toBe('oaiapp_test_issued');
    expect(address.get('login_hint')).toBe('person-1@people.example');
    expect(address.get('id_token_hint')).toMatch(/^eyJ/);
    // Without the hint the provider would let the other one in.
    const other = new URL(again.authorize_url!);
    other.searchParams.delete('id_token_hint');
    provider.behave({ subject: 'person-2' });
    const end = await provider.browse(other.href);
    expect([end.status, end.body]).toEqual([400, expect.stringContaining('another person')]);
    const third = await start('chatgpt');
    const back = new URL(
      await provider.redirectOf(third.authorize_url!.replace(/id_token_hint=[^&]*&?/, '')),
    );
    back.searchParams.set('client_id', 'oaiapp_of_somebody');
    expect((await provider.browse(back.href)).body).toContain('another installation');
    expect(provider.tokenRequests).toHaveLength(2);
  });

  it('a grant without the scope that is needed', async () => {
    provider.behave({ tokenFields: { scope: 'openid email' } });
    const login = await start('chatgpt');
    expect((await provider.browse(login.authorize_url!)).body).toContain('did not grant');
  });

  it('Google without a refresh token', async () => {
    provider.behave({ tokenFields: { refresh_token: undefined } });
    const login = await start('google-antigravity');
    expect((await provider.browse(login.authorize_url!)).body).toContain('no refresh token');
  });

  it('before it begins: no consent, no client, no such method, no such provider', async () => {
    const plain = open({ consented: false, env: { DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath } });
    cleanups.push(() => plain.stop());
    const attempt = async (input: object): Promise<string> => {
      const result = await plain.attempt('accounts.startLogin', input as never);
      return result.ok ? 'ok' : `${result.error.code}: ${result.error.message}`;
    };
    expect(await attempt({ provider: 'google-antigravity' })).toMatch(/^forbidden: .*terms forbid/);
    expect(await attempt({ provider: 'chatgpt', method: 'device' })).toMatch(/^invalid_input: /);
    expect(await attempt({ provider: 'openai' })).toMatch(/^invalid_input: .*API key/);
    const consented = open({ env: { DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath } });
    cleanups.push(() => consented.stop());
    const missing = await consented.attempt('accounts.startLogin', { provider: 'google-antigravity' });
    expect(missing).toMatchObject({
      error: {
        code: 'invalid_input',
        message: expect.stringContaining('GOOGLE_ANTIGRAVITY_CLIENT_ID') as string,
      },
    });
  });
});

describe('pasting', () => {
  const forms: [string, (back: URL) => string][] = [
    ['the whole address', (back) => back.href],
    ['its query', (back) => back.search],
    ['code#state', (back) => `${back.searchParams.get('code')}#${back.searchParams.get('state')}`],
    ['the code alone', (back) => ` ${back.searchParams.get('code')}\n`],
  ];
  it.each(forms)('%s ends a sign-in', async (_name, form) => {
    const login = await start('openai-codex', { method: 'manual' });
    expect(login).toMatchObject({ listening: false });
    const back = new URL(await provider.redirectOf(login.authorize_url!));
    const done = await accounts.call('accounts.pasteLogin', { login_id: login.login_id, text: form(back) });
    expect(done).toMatchObject({ state: 'done', error: null });
    expect(await accounts.credentials.active('openai-codex', signal())).toMatchObject({ ok: true });
  });

  it('of something else is refused, and the sign-in goes on', async () => {
    const login = await start('openai-codex', { method: 'manual' });
    const paste = async (text: string): Promise<string> => {
      const result = await accounts.attempt('accounts.pasteLogin', { login_id: login.login_id, text });
      return result.ok ? result.value.state : result.error.code;
    };
    const back = new URL(await provider.redirectOf(login.authorize_url!));
    const other = new URL(back);
    other.searchParams.set('state', 'another');
    expect(await paste(other.href)).toBe('invalid_input');
    expect(await paste('hello there, this is no code')).toBe('invalid_input');
    expect(await paste('http://localhost:1455/auth/callback')).toBe('invalid_input');
    expect(await paste('error=access_denied')).toBe('invalid_input');
    expect(provider.tokenRequests).toEqual([]);
    expect(await paste(back.href)).toBe('done');
    expect(await paste(back.href)).toBe('invalid_state');
  });

  it('races the browser: one of them ends it, by one request', async () => {
    const login = await start('openai-codex');
    const back = await provider.redirectOf(login.authorize_url!);
    const both = [
      accounts.attempt('accounts.pasteLogin', { login_id: login.login_id, text: back }),
      provider.browse(back),
    ] as const;
    const [pasted, browsed] = await Promise.all(both);
    expect([pasted.ok, browsed.status === 200].filter(Boolean)).toHaveLength(1);
    expect(provider.tokenRequests).toHaveLength(1);
    expect(await state(login)).toBe('done');
  });

  it('is asked for when the port is taken', async () => {
    const { DEV_CREW_OAUTH_OPENAI_CODEX_REDIRECT_URI: address = '' } = provider.env('openai-codex');
    await occupy(address);
    const login = await start('openai-codex');
    expect(login).toMatchObject({
      listening: false,
      notice: expect.stringMatching(/^Port \d+ is taken/) as string,
    });
    const back = await provider.redirectOf(login.authorize_url!);
    const done = await accounts.call('accounts.pasteLogin', { login_id: login.login_id, text: back });
    expect(done.state).toBe('done');
  });

  it('is asked for when the browser comes back to another machine', async () => {
    const login = await start('openai-codex', { redirect_uri: 'https://elsewhere.example/back' });
    expect(login).toMatchObject({
      listening: false,
      notice: expect.stringContaining('elsewhere.example') as string,
      redirect_uri: 'https://elsewhere.example/back',
    });
  });
});

describe('the provider’s own ports', () => {
  it('are taken in order', async () => {
    await accounts.stop();
    accounts = open({ env: { DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath } });
    // Whatever else runs on this machine, ours is one of the two or the notice names both.
    const first = await start('openai-codex');
    const second = await start('openai-codex', { account_id: 'second' });
    const third = await start('openai-codex', { account_id: 'third' });
    expect(new URL(first.redirect_uri!).pathname).toBe('/auth/callback');
    if (first.listening && second.listening)
      expect([first, second].map(({ redirect_uri }) => new URL(redirect_uri!).port)).toEqual([
        '1455',
        '1457',
      ]);
    expect(third).toMatchObject({
      listening: false,
      notice: expect.stringContaining('1455 and 1457') as string,
    });
    const address = new URL(first.authorize_url!);
    expect(address.origin + address.pathname).toBe('https://auth.openai.com/oauth/authorize');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'openid profile email offline_access',
      code_challenge_method: 'S256',
      id_token_add_organizations: 'true',
      codex_cli_simplified_flow: 'true',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
  });
});

describe('a device code', () => {
  it('is typed elsewhere', async () => {
    const login = await start('openai-codex', { method: 'device' });
    expect(login).toMatchObject({ user_code: 'ABCD-1234', authorize_url: null, listening: false });
    expect(login.verification_url).toBe(`${provider.issuer}/codex/device`);
    await provider.approveDevice();
    const done = await accounts.call('accounts.login', { login_id: login.login_id, wait_seconds: 30 });
    expect(done).toMatchObject({ state: 'done' });
    expect(await accounts.credentials.active('openai-codex', signal())).toMatchObject({ ok: true });
  });
});

describe('a sign-in under way', () => {
  it('is the same when it is begun again, and gives way to one with other options', async () => {
    const first = await start('openai-codex');
    expect(await start('openai-codex')).toEqual(first);
    const other = await start('openai-codex', {
      client_id: `${provider.issuer}/auth?client_id=app_of_mine&x=1`,
    });
    expect(new URL(other.authorize_url!).searchParams.get('client_id')).toBe('app_of_mine');
    expect([await state(first), other.listening]).toEqual(['canceled', true]);
  });

  it('is waited for until it ends, also when another process ends it', async () => {
    const login = await start('openai-codex');
    const waiting = accounts.call('accounts.login', { login_id: login.login_id, wait_seconds: 60 });
    const other = open();
    cleanups.push(() => other.stop());
    const text = await provider.redirectOf(login.authorize_url!);
    await other.call('accounts.pasteLogin', { login_id: login.login_id, text });
    expect(await waiting).toMatchObject({ state: 'done' });
  });

  it('ends after ten minutes, or when its user gives it up', async () => {
    const clock = createManualClock();
    const timed = open({ clock });
    cleanups.push(() => timed.stop());
    const login = await timed.call('accounts.startLogin', { provider: 'chatgpt' });
    await clock.advance(599_000);
    expect(await timed.call('accounts.login', login)).toMatchObject({ state: 'waiting' });
    await clock.advance(2_000);
    expect(await timed.call('accounts.login', login)).toMatchObject({ state: 'expired', listening: false });
    const second = await timed.call('accounts.startLogin', { provider: 'chatgpt' });
    expect(second.login_id).not.toBe(login.login_id);
    expect(await timed.call('accounts.cancelLogin', second)).toMatchObject({ state: 'canceled' });
    await expect(knock(second.redirect_uri!)).rejects.toThrow('ECONNREFUSED');
  });

  it('survives kill -9: the same address, the same listener, the same state', async () => {
    await accounts.stop();
    const dying = await startAccountsProcess(place.folder, env());
    cleanups.push(() => dying.kill());
    const begun = (await dying.ask('accounts.startLogin', { provider: 'chatgpt' })) as { value: Login };
    await dying.kill();
    accounts = open();
    await accounts.start();
    const [resumed] = (await accounts.call('accounts.list', {})).logins;
    expect(resumed).toEqual(begun.value);
    expect((await provider.browse(begun.value.authorize_url!)).status).toBe(200);
    expect(await state(begun.value)).toBe('done');
  });
});

describe('signing out', () => {
  it('takes the tokens back, forgets them, and keeps the account for the next time', async () => {
    const login = await start('openai-codex');
    await provider.browse(login.authorize_url!);
    await accounts.call('accounts.update', {
      provider: 'openai-codex',
      account_id: 'default',
      name: 'Mine',
      max_tokens_per_day: 5,
    });
    const key = { provider: 'openai-codex', account_id: 'default' } as const;
    expect(await accounts.call('accounts.signOut', key)).toMatchObject({ revoked: true });
    expect(provider.revoked).toHaveLength(1);
    const listed = await accounts.call('accounts.list', {});
    expect(listed.accounts).toMatchObject([{ name: 'Mine', state: 'signed_out', max_tokens_per_day: 5 }]);
    expect(readFileSync(place.tokenPath, 'utf8')).not.toContain('accessToken');
    const credential = await accounts.credentials.active('openai-codex', signal());
    expect(credential).toMatchObject({
      ok: false,
      error: { kind: 'auth_invalid', message: expect.stringContaining('dev-crew login') as string },
    });
    await accounts.call('accounts.signOut', { ...key, forget: true });
    expect((await accounts.call('accounts.list', {})).accounts).toEqual([]);
  });

  it('works while the provider is away', async () => {
    const login = await start('google-antigravity');
    await provider.browse(login.authorize_url!);
    await accounts.stop();
    const gone = { DEV_CREW_OAUTH_GOOGLE_ANTIGRAVITY_REVOKE_URL: 'http://127.0.0.1:9/revoke' };
    accounts = open({ env: { ...env(), ...gone } });
    const key = { provider: 'google-antigravity', account_id: 'default' } as const;
    expect(await accounts.call('accounts.signOut', key)).toMatchObject({
      revoked: false,
      detail: expect.stringContaining('Forgotten') as string,
    });
  });
});

describe('several accounts of a provider', () => {
  it('stand beside each other; the first is active until another is chosen', async () => {
    for (const accountId of ['default', 'work']) {
      provider.behave({ subject: `person-${accountId}` });
      const login = await start('openai-codex', { account_id: accountId });
      await provider.browse(login.authorize_url!);
    }
    const active = async () => {
      const credential = await accounts.credentials.active('openai-codex', signal());
      return credential.ok
        ? [credential.value.accountId, credential.value.facts['chatgpt_account_id']]
        : null;
    };
    expect(await active()).toEqual(['default', 'account-of-person-default']);
    await accounts.call('accounts.update', { provider: 'openai-codex', account_id: 'work', active: true });
    expect(await active()).toEqual(['work', 'account-of-person-work']);
    const fixed = open({ env: { ...env(), DEV_CREW_LLM_ACCOUNT_ID: 'default' } });
    cleanups.push(() => fixed.stop());
    expect(await fixed.credentials.active('openai-codex', signal())).toMatchObject({
      value: { accountId: 'default' },
    });
  });
});

describe('tokens without claims', () => {
  it.each(['not a jwt', 'e30.e30.', 'eyJhbGciOiJub25lIn0.W10.', 'a.b.c'])(
    '(%s) sign in all the same',
    async (jwt) => {
      provider.behave({
        tokenAnswer: {
          status: 200,
          body: { access_token: `access-token-of-the-test-${jwt}`, refresh_token: 'refresh', id_token: jwt },
        },
      });
      const login = await start('openai-codex');
      await provider.browse(login.authorize_url!);
      const { accounts: listed } = await accounts.call('accounts.list', {});
      expect(listed).toMatchObject([{ state: 'ok', email: null, plan: null, expires_at: null }]);
    },
  );
});

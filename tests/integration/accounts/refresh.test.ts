import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAccountsProcess, type AccountsProcess } from '../../support/accounts-process.ts';
import { accountFolder, openAccounts, type TestAccounts } from '../../support/accounts.ts';
import { startOpenidProvider, type OpenidProvider } from '../../support/openid-provider.ts';
import type { Credential } from '../../../src/main/app/ports/credentials.ts';
import type { Clock } from '../../../src/main/app/ports/system.ts';
import { createSystemClock } from '../../../src/main/infra/system/clock.ts';

const id = 'openai-codex';
let provider: OpenidProvider;
let place: ReturnType<typeof accountFolder>;
let offsetMs = 0;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  provider = await startOpenidProvider();
});
afterAll(() => provider.stop());
beforeEach(() => {
  place = accountFolder();
  offsetMs = 0;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  place.remove();
  provider.tokenRequests.length = 0;
  provider.behave({ lifeSeconds: 3600, tokenAnswer: null, tokenFields: {}, beforeToken: () => undefined });
});

const env = (): Record<string, string> => ({
  DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath,
  ...provider.env(id),
  ...provider.env('chatgpt'),
});
const signal = () => new AbortController().signal;

/** The system's clock, moved by what a test says. */
const movedClock = (): Clock => {
  const clock = createSystemClock();
  return { ...clock, now: () => clock.now() + offsetMs };
};

function open(clock = movedClock()): TestAccounts {
  const accounts = openAccounts({ dataFolder: place.folder, env: env(), clock });
  cleanups.push(() => accounts.stop());
  return accounts;
}

async function peer(): Promise<AccountsProcess> {
  const process = await startAccountsProcess(place.folder, env());
  cleanups.push(() => process.kill());
  return process;
}

async function signIn(accounts: TestAccounts, of: 'openai-codex' | 'chatgpt' = id): Promise<Credential> {
  const login = await accounts.call('accounts.startLogin', { provider: of });
  const end = await provider.browse(login.authorize_url!);
  expect(end.status).toBe(200);
  return active(accounts, of);
}

async function active(accounts: TestAccounts, of: 'openai-codex' | 'chatgpt' = id): Promise<Credential> {
  const credential = await accounts.credentials.active(of, signal());
  if (!credential.ok) throw new Error(`${credential.error.kind}: ${credential.error.message}`);
  return credential.value;
}

const refreshes = () => provider.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token');
const minutes = (n: number) => n * 60_000;

describe('refresh', () => {
  it('happens five minutes before the end, and not before', async () => {
    const accounts = open();
    const first = await signIn(accounts);
    offsetMs = minutes(60) - minutes(6);
    expect(await active(accounts)).toEqual(first);
    expect(refreshes()).toHaveLength(0);
    offsetMs = minutes(60) - minutes(5) + 1000;
    const second = await active(accounts);
    expect(second.secret).not.toBe(first.secret);
    expect(second.facts).toEqual(first.facts);
    expect(refreshes()).toHaveLength(1);
    expect(await active(accounts)).toEqual(second);
    expect(refreshes()).toHaveLength(1);
  });

  it('spends each token of a rotating chain once', async () => {
    const accounts = open();
    await signIn(accounts);
    for (let n = 1; n <= 4; n += 1) {
      offsetMs += minutes(58);
      await active(accounts);
    }
    const spent = refreshes().map(({ form }) => form['refresh_token']);
    expect(new Set(spent).size).toBe(4);
    expect(accounts.signedOut).toEqual([]);
  });

  it('is one request for 1,000 attempts in 4 processes', async () => {
    provider.behave({ lifeSeconds: 2 });
    const accounts = open();
    const login = await accounts.call('accounts.startLogin', { provider: id });
    await provider.browse(login.authorize_url!);
    const peers = await Promise.all([1, 2, 3, 4].map(() => peer()));
    const [stale] = (await peers[0]!.ask('active', { provider: id, times: 1 })) as [{ value: Credential }];
    provider.tokenRequests.length = 0;
    // Long enough that everybody asks while the one request is under way.
    provider.behave({
      lifeSeconds: 3600,
      beforeToken: () => new Promise((resolve) => setTimeout(resolve, 300)),
    });
    const answers = await Promise.all(
      peers.map((process) => process.ask('renew', { provider: id, times: 250, stale: stale.value })),
    );
    expect(refreshes()).toHaveLength(1);
    const distinct = new Set(answers.flatMap((all) => (all as unknown[]).map((one) => JSON.stringify(one))));
    expect(distinct.size).toBe(1);
    expect(JSON.parse([...distinct][0]!)).toMatchObject({ ok: true, value: { kind: 'oauth' } });
  });

  it('is taken over from a process that was killed in the middle', async () => {
    const accounts = open();
    const stale = await signIn(accounts);
    const dying = await peer();
    const reached = Promise.withResolvers<null>();
    provider.behave({
      beforeToken: async () => {
        reached.resolve(null);
        await new Promise((resolve) => setTimeout(resolve, 100));
      },
      tokenAnswer: { status: 503, body: {} },
    });
    void dying.ask('renew', { provider: id, times: 1, stale }).catch(() => undefined);
    await reached.promise;
    await dying.kill();
    provider.behave({ beforeToken: () => undefined, tokenAnswer: null });
    const renewed = await accounts.credentials.renew(stale, signal());
    expect(renewed).toMatchObject({ ok: true });
  });

  it('does not spend a token that another process has already replaced', async () => {
    const accounts = open();
    const stale = await signIn(accounts);
    const other = await peer();
    const [theirs] = (await other.ask('renew', { provider: id, times: 1, stale })) as [{ value: Credential }];
    const ours = await accounts.credentials.renew(stale, signal());
    expect(ours).toEqual({ ok: true, value: theirs.value });
    expect(refreshes()).toHaveLength(1);
  });
});

describe('a refresh that fails', () => {
  it('for now leaves the old token in use while it lasts, and asks again later', async () => {
    const accounts = open();
    const first = await signIn(accounts);
    provider.behave({ tokenAnswer: { status: 503, body: '<html>busy</html>' } });
    offsetMs = minutes(57);
    expect(await active(accounts)).toEqual(first);
    expect(await active(accounts)).toEqual(first);
    // Not at each call.
    expect(refreshes()).toHaveLength(1);
    offsetMs = minutes(61);
    expect(await accounts.credentials.active(id, signal())).toMatchObject({
      ok: false,
      error: { kind: 'auth_expired' },
    });
    provider.behave({ tokenAnswer: null });
    offsetMs = minutes(63);
    expect((await active(accounts)).secret).not.toBe(first.secret);
    expect(accounts.signedOut).toEqual([]);
  });

  it.each([
    [401, { error: 'whatever' }],
    [400, { error: 'invalid_grant' }],
    [400, { error: { code: 'refresh_token_expired', message: 'x' } }],
    [400, { code: 'refresh_token_reused' }],
    [403, { error: 'refresh_token_invalidated' }],
  ])('for good (%i %j) signs the account out and says so once', async (status, body) => {
    const accounts = open();
    const stale = await signIn(accounts);
    provider.behave({ tokenAnswer: { status, body } });
    const all = await Promise.all([1, 2, 3].map(() => accounts.credentials.renew(stale, signal())));
    for (const answer of all) expect(answer).toMatchObject({ ok: false, error: { kind: 'auth_invalid' } });
    expect(accounts.signedOut).toEqual([
      {
        provider: id,
        accountId: 'default',
        name: 'default',
        reason: expect.stringContaining('Sign in again') as string,
      },
    ]);
    expect(await accounts.credentials.active(id, signal())).toMatchObject({
      ok: false,
      error: { kind: 'auth_invalid', message: expect.stringContaining('signed out') as string },
    });
    expect(refreshes()).toHaveLength(1);
    // The next sign-in makes it whole.
    provider.behave({ tokenAnswer: null });
    await signIn(accounts);
  });

  it('because the token was used elsewhere: the provider ends the whole chain', async () => {
    const accounts = open();
    const stale = await signIn(accounts);
    const renewed = await accounts.credentials.renew(stale, signal());
    if (!renewed.ok) throw new Error(renewed.error.message);
    // A thief spends the first token again.
    const [first] = refreshes();
    const stolen = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(first!.form),
    });
    expect(stolen.status).toBe(400);
    expect(await accounts.credentials.renew(renewed.value, signal())).toMatchObject({
      ok: false,
      error: { kind: 'auth_invalid' },
    });
    expect(accounts.signedOut).toHaveLength(1);
  });

  it('does not undo a sign-out that a person made meanwhile', async () => {
    const accounts = open();
    const stale = await signIn(accounts);
    const reached = Promise.withResolvers<null>();
    const go = Promise.withResolvers<null>();
    provider.behave({
      beforeToken: async () => {
        reached.resolve(null);
        await go.promise;
      },
    });
    const renewing = accounts.credentials.renew(stale, signal());
    await reached.promise;
    await accounts.call('accounts.signOut', { provider: id, account_id: 'default' });
    go.resolve(null);
    expect(await renewing).toMatchObject({ ok: false, error: { kind: 'auth_invalid' } });
    const { accounts: listed } = await accounts.call('accounts.list', {});
    expect(listed).toMatchObject([{ state: 'signed_out', expires_at: null }]);
  });
});

describe('a clock', () => {
  it.each([60, -60])('that is %i minutes off signs in, and refreshes when due', async (off) => {
    offsetMs = minutes(off);
    const accounts = open();
    const first = await signIn(accounts, 'chatgpt');
    expect(await active(accounts, 'chatgpt')).toEqual(first);
    expect(refreshes()).toHaveLength(0);
    offsetMs += minutes(56);
    expect((await active(accounts, 'chatgpt')).secret).not.toBe(first.secret);
    expect(refreshes()).toHaveLength(1);
  });

  it('never goes before the earliest time that the provider takes a refresh', async () => {
    const at = Math.floor((Date.now() + minutes(70)) / 1000);
    provider.behave({ tokenFields: { earliest_refresh_at: at } });
    const accounts = open();
    const first = await signIn(accounts, 'chatgpt');
    offsetMs = minutes(58);
    expect(await active(accounts, 'chatgpt')).toEqual(first);
    expect(await accounts.credentials.renew(first, signal())).toMatchObject({
      ok: false,
      error: { kind: 'auth_expired', message: expect.stringContaining('before') as string },
    });
    expect(refreshes()).toHaveLength(0);
    provider.behave({ tokenFields: {} });
    offsetMs = minutes(71);
    expect((await active(accounts, 'chatgpt')).secret).not.toBe(first.secret);
    expect(refreshes()).toHaveLength(1);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAccountsProcess } from '../../support/accounts-process.ts';
import { accountFolder, openAccounts } from '../../support/accounts.ts';
import { startOpenidProvider } from '../../support/openid-provider.ts';
import { startPrivateKeyring, type PrivateKeyring } from '../../support/private-keyring.ts';
import { describeWithKeyring } from '../../support/requirements.ts';
import type { SecretVault } from '../../../src/main/app/ports/secrets.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createKeychainVault } from '../../../src/main/infra/secrets/keychain-vault.ts';
import { createKeychain } from '../../../src/main/infra/secrets/keychain.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { createRandomIds, createSystemClock } from '../../../src/main/infra/system/clock.ts';

let folder: string;
const cleanups: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crew-vault-'));
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  rmSync(folder, { recursive: true, force: true });
});

type Env = Record<string, string>;

function openStore(): Store {
  const opened = createSqliteStore({ path: join(folder, 'jobs.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  cleanups.push(() => opened.value.close());
  return opened.value;
}

/** A vault of a process that has just started. */
function openVault(env: Env, options: { store?: Store; patienceMs?: number; limitMs?: number } = {}) {
  const closing = new AbortController();
  cleanups.push(() => closing.abort());
  const { store = openStore(), patienceMs = 20_000, limitMs = 20_000 } = options;
  const keychain = createKeychain({ service: 'Dev Crew test', limitMs, closing: closing.signal, env });
  const vault = createKeychainVault({
    store,
    keychain,
    clock: createSystemClock(),
    ids: createRandomIds(),
    patienceMs,
  });
  return { vault, store };
}

async function write(vault: SecretVault, store: Store, name: string, text: string | null): Promise<string> {
  const prepared = await vault.prepare({ [name]: text });
  if (!prepared.ok) return prepared.error.state;
  store.transaction(prepared.value);
  return 'ok';
}

async function read(vault: SecretVault, name: string): Promise<string | null> {
  const found = await vault.read(name);
  return found.ok ? found.value : found.error.state;
}

describeWithKeyring('secrets under a key of a real keyring', () => {
  let keyring: PrivateKeyring;
  beforeAll(async () => {
    keyring = await startPrivateKeyring();
  });
  afterAll(() => keyring.stop());

  it('are read by the next process, and are ciphertext in the database', async () => {
    const { vault, store } = openVault(keyring.env);
    expect(await vault.status()).toMatchObject({ kind: 'keychain', state: 'ok', advice: '' });
    expect(await read(vault, 'a')).toBeNull();
    expect(await write(vault, store, 'a', 'plain text 한글')).toBe('ok');
    const next = openVault(keyring.env);
    expect(await read(next.vault, 'a')).toBe('plain text 한글');
    for (const file of ['jobs.db', 'jobs.db-wal'])
      expect(readFileSync(join(folder, file)).includes('plain text')).toBe(false);
    expect(await write(next.vault, next.store, 'a', null)).toBe('ok');
    expect(await read(vault, 'a')).toBeNull();
  });

  it('do not open under another name, changed, or with another key', async () => {
    const { vault, store } = openVault(keyring.env);
    await write(vault, store, 'a', 'text');
    const row = store.tables.secrets.get('a')!;
    const changed = Uint8Array.from(row.sealed, (byte, index) => (index === 30 ? byte ^ 1 : byte));
    store.transaction(({ secrets }) => {
      secrets.set('b', row, 1);
      secrets.set('c', { ...row, sealed: changed }, 1);
      secrets.set('d', { ...row, keyId: 'other' }, 1);
      secrets.set('e', { ...row, sealed: new Uint8Array(5) }, 1);
    });
    expect(await Promise.all(['b', 'c', 'd', 'e'].map((name) => read(vault, name)))).toEqual(
      Array(4).fill('lost'),
    );
    expect(await read(vault, 'a')).toBe('text');
  });

  it('have one key, however many processes make it at once', async () => {
    const vaults = Array.from({ length: 4 }, () => openVault(keyring.env));
    const written = vaults.map(({ vault, store }, index) => write(vault, store, `n${index}`, String(index)));
    expect(await Promise.all(written)).toEqual(Array(4).fill('ok'));
    const { vault } = openVault(keyring.env);
    const all = await Promise.all([0, 1, 2, 3].map((index) => read(vault, `n${index}`)));
    expect(all).toEqual(['0', '1', '2', '3']);
  });

  it('are lost with the keyring’s entries, and the next write makes a new key', async () => {
    const { vault, store } = openVault(keyring.env);
    await write(vault, store, 'a', 'text');
    await keyring.reset();
    const next = openVault(keyring.env, { store });
    expect(await read(next.vault, 'a')).toBe('lost');
    expect(await next.vault.status()).toMatchObject({ state: 'ok' });
    expect(await write(next.vault, store, 'b', 'new')).toBe('ok');
    expect([await read(next.vault, 'a'), await read(next.vault, 'b')]).toEqual(['lost', 'new']);
  });

  it('a reset signs accounts out with the reason', async () => {
    const place = accountFolder();
    cleanups.push(place.remove);
    const key = { provider: 'openai', account_id: 'default' } as const;
    const first = openAccounts({ dataFolder: place.folder, env: keyring.env });
    await first.call('accounts.addKey', { ...key, api_key: 'sk-test-0123456789abcdef', unchecked: true });
    await first.stop();
    await keyring.reset();
    const accounts = openAccounts({ dataFolder: place.folder, env: keyring.env });
    const credential = await accounts.credentials.active('openai', new AbortController().signal);
    expect(credential).toMatchObject({
      error: { kind: 'auth_invalid', message: expect.stringContaining('reset') as string },
    });
    expect(accounts.signedOut).toHaveLength(1);
    const { accounts: listed } = await accounts.call('accounts.list', {});
    expect(listed).toMatchObject([
      { state: 'signed_out', detail: expect.stringContaining('reset') as string },
    ]);
    await accounts.stop();
  });

  it('let four processes refresh a token by one request', async () => {
    await using provider = await startOpenidProvider();
    const place = accountFolder();
    cleanups.push(place.remove);
    const env = { ...keyring.env, ...provider.env('openai-codex') };
    const accounts = openAccounts({ dataFolder: place.folder, env });
    const login = await accounts.call('accounts.startLogin', { provider: 'openai-codex' });
    expect((await provider.browse(login.authorize_url!)).status).toBe(200);
    const signedIn = await accounts.credentials.active('openai-codex', new AbortController().signal);
    const stale = signedIn.ok ? signedIn.value : null;
    await accounts.stop();
    const peers = await Promise.all([1, 2, 3, 4].map(() => startAccountsProcess(place.folder, env)));
    const order = { provider: 'openai-codex', times: 250, stale };
    const answers = await Promise.all(peers.map((peer) => peer.ask('renew', order)));
    await Promise.all(peers.map((peer) => peer.stop()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject([{ ok: true }]);
    expect(provider.tokenRequests.map(({ grantType }) => grantType)).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
  });

  it('wait for a keyring that is slow: told soon, not asked again, used when it answers', async () => {
    const { vault, store } = openVault(keyring.env);
    await write(vault, store, 'a', 'text');
    const next = openVault(keyring.env, { store, patienceMs: 300 });
    await keyring.freeze();
    const before = performance.now();
    expect(await read(next.vault, 'a')).toBe('slow');
    expect(await next.vault.status()).toMatchObject({
      state: 'slow',
      advice: expect.stringContaining('password') as string,
    });
    expect(performance.now() - before).toBeLessThan(5_000);
    await keyring.thaw();
    await expect.poll(() => read(next.vault, 'a')).toBe('text');
  });

  it('give up on a keyring that never answers', async () => {
    await keyring.freeze();
    const { vault, store } = openVault(keyring.env, { limitMs: 500 });
    expect(await vault.status()).toMatchObject({ state: 'slow' });
    expect(await write(vault, store, 'a', 'text')).toBe('slow');
    await keyring.thaw();
    expect(await write(vault, store, 'a', 'text')).toBe('ok');
  });

  // Last, because nobody can unlock it here.
  it('are locked with the keyring: kept, told apart from lost, never written in another way', async () => {
    const { vault, store } = openVault(keyring.env);
    await write(vault, store, 'a', 'text');
    await keyring.lock();
    // Who had the key goes on.
    expect(await read(vault, 'a')).toBe('text');
    const next = openVault(keyring.env, { store });
    expect(await read(next.vault, 'a')).toBe('locked');
    expect(await next.vault.status()).toMatchObject({
      state: 'locked',
      advice: expect.stringContaining('DEV_CREW_OAUTH_TOKEN_PATH') as string,
    });
    expect(await write(next.vault, store, 'b', 'text')).toBe('locked');
    expect(store.tables.secrets.get('b')).toBeNull();
    // Forgetting needs no key.
    expect(await write(next.vault, store, 'a', null)).toBe('ok');
  });
});

describe('without a keychain', () => {
  it.each([
    ['no bus', { XDG_RUNTIME_DIR: '/nonexistent' }],
    ['a bus that is gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
  ])('(%s) says so, offers the file, and stores nothing', async (_name, env: Env) => {
    const { vault, store } = openVault(env);
    expect(await vault.status()).toMatchObject({
      state: 'missing',
      advice: expect.stringContaining('DEV_CREW_OAUTH_TOKEN_PATH') as string,
    });
    expect(await write(vault, store, 'a', 'text')).toBe('missing');
    expect(store.tables.secrets.get('a')).toBeNull();
  });

  it('no sign-in begins and no key is taken', async () => {
    const place = accountFolder();
    cleanups.push(place.remove);
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    const accounts = openAccounts({ dataFolder: place.folder, env });
    cleanups.push(() => void accounts.stop());
    const login = await accounts.attempt('accounts.startLogin', { provider: 'openai-codex' });
    const key = await accounts.attempt('accounts.addKey', {
      provider: 'openai',
      api_key: 'sk-test-0123456789abcdef',
      unchecked: true,
    });
    for (const refused of [login, key])
      expect(refused).toMatchObject({
        error: {
          code: 'unavailable',
          message: expect.stringContaining('DEV_CREW_OAUTH_TOKEN_PATH') as string,
        },
      });
    expect((await accounts.call('accounts.list', {})).accounts).toEqual([]);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountRow, LoginRow } from '../../../src/main/app/ports/account-store.ts';
import { newStore, openStore, temporaryFolder } from './support.ts';

const account = (accountId: string): AccountRow => ({
  provider: 'openai',
  accountId,
  name: accountId,
  kind: 'api_key',
  email: null,
  plan: null,
  baseUrl: null,
  active: false,
  state: 'ok',
  detail: '',
  facts: { project: 'p' },
  createdAtMs: 1,
  lastUsedAtMs: null,
  expiresAtMs: null,
  quota: { plan: 'plus', windows: [{ label: '5h', usedPercent: 3.5, resetAtMs: 9 }] },
  blockedUntilMs: null,
  maxCostUsdPerDay: 1.25,
  maxTokensPerDay: 1_000_000,
});

const login = (loginId: string, createdAtMs: number): LoginRow => ({
  loginId,
  provider: 'chatgpt',
  accountId: 'default',
  method: 'browser',
  state: 'waiting',
  redirectUri: 'http://127.0.0.1:1/auth/callback',
  listening: true,
  notice: '',
  userCode: null,
  verificationUrl: null,
  error: null,
  language: 'ko',
  httpTimeoutMs: 15_000,
  createdAtMs,
  expiresAtMs: createdAtMs + 10,
  owner: 'host:1:x',
});

const key = (accountId: string) => ({ provider: 'openai' as const, accountId });

describe('accounts', () => {
  it('keep what was saved, and exactly one of a provider is active', () => {
    const store = newStore();
    store.transaction(({ accounts }) => {
      accounts.save(account('work'));
      accounts.save(account('default'));
      accounts.activate(key('work'));
      accounts.activate(key('default'));
      accounts.save({ ...account('default'), name: 'Mine' });
    });
    const { accounts } = store.tables;
    expect(accounts.list()).toEqual([{ ...account('default'), name: 'Mine', active: true }, account('work')]);
    expect(accounts.active('openai')?.accountId).toBe('default');
    expect(accounts.active('anthropic')).toBeNull();
    store.transaction((tables) => tables.accounts.remove(key('default')));
    expect(accounts.active('openai')).toBeNull();
  });

  it('lend the right to refresh to one at a time, until it ends, is given back or its owner is dead', () => {
    const store = newStore();
    const claim = (owner: string, nowMs: number, deadOwner: string | null = null): boolean =>
      store.transaction(({ accounts }) =>
        accounts.claimRefresh(key('default'), { owner, nowMs, endMs: nowMs + 100, deadOwner }),
      );
    expect(claim('a', 0)).toBe(false);
    store.transaction(({ accounts }) => accounts.save(account('default')));
    expect(claim('a', 1000)).toBe(true);
    expect(store.tables.accounts.refreshLease(key('default'))).toEqual({ owner: 'a', endMs: 1100 });
    expect(claim('b', 1050)).toBe(false);
    expect(claim('b', 1050, 'c')).toBe(false);
    store.transaction(({ accounts }) => accounts.save({ ...account('default'), name: 'again' }));
    expect(claim('b', 1050)).toBe(false);
    expect(claim('b', 1050, 'a')).toBe(true);
    expect(claim('a', 1150)).toBe(true);
    store.transaction(({ accounts }) => accounts.releaseRefresh(key('default'), 'b'));
    expect(claim('b', 1151)).toBe(false);
    store.transaction(({ accounts }) => accounts.releaseRefresh(key('default'), 'a'));
    expect(store.tables.accounts.refreshLease(key('default'))).toBeNull();
    expect(claim('b', 1152)).toBe(true);
  });
});

describe('secrets', () => {
  it('are bytes under a name, of one key or another', () => {
    const path = join(temporaryFolder(), 'jobs.db');
    const store = openStore(path);
    const sealed = Uint8Array.of(0, 255, 1);
    store.transaction(({ secrets }) => {
      secrets.set('a', { keyId: 'k1', sealed: Uint8Array.of(9) }, 1);
      secrets.set('a', { keyId: 'k2', sealed }, 2);
      secrets.set('b', { keyId: 'k1', sealed }, 2);
    });
    expect(store.tables.secrets.get('b')?.keyId).toBe('k1');
    const read = openStore(path).tables.secrets.get('a');
    expect([read?.keyId, [...(read?.sealed ?? [])]]).toEqual(['k2', [0, 255, 1]]);
    store.transaction(({ secrets }) => secrets.remove('a'));
    expect(store.tables.secrets.get('a')).toBeNull();
  });
});

describe('logins', () => {
  it('move from a state once, and are listed while under way or young', () => {
    const store = newStore();
    const { logins } = store.tables;
    store.transaction((tables) => {
      tables.logins.insert(login('a', 1));
      tables.logins.insert(login('b', 2));
      tables.logins.update({ ...login('b', 2), notice: 'paste it', listening: false });
      expect(tables.logins.move('a', 'waiting', 'exchanging')).toBe(true);
      expect(tables.logins.move('a', 'waiting', 'exchanging')).toBe(false);
    });
    expect(logins.list()).toEqual([
      { ...login('a', 1), state: 'exchanging' },
      { ...login('b', 2), notice: 'paste it', listening: false },
    ]);
    store.transaction((tables) => tables.logins.move('a', 'exchanging', 'done'));
    expect(logins.list().map((row) => row.loginId)).toEqual(['b']);
    expect(logins.list(1).map((row) => row.loginId)).toEqual(['a', 'b']);
    store.transaction((tables) => tables.logins.removeEnded(3));
    expect([logins.get('a'), logins.get('b')?.loginId]).toEqual([null, 'b']);
  });
});

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountFolder, openAccounts } from '../../support/accounts.ts';
import { VaultWriteFailed, type SecretVault } from '../../../src/main/app/ports/secrets.ts';
import { createFileVault } from '../../../src/main/infra/secrets/file-vault.ts';
import { isInsideWorkspace } from '../../../src/main/infra/secrets/token-path.ts';

let root: string;
let path: string;
let vault: SecretVault;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crew-tokens-'));
  path = join(root, 'deep', 'tokens', 'tokens.json');
  vault = createFileVault({ tokenPath: path, pendingPath: `${path}.pending` });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The file vault needs no table. */
const noTables = { secrets: { get: () => null, set: () => undefined, remove: () => undefined } };
const mode = (file: string): number => statSync(file).mode & 0o777;

async function write(changes: Record<string, string | null>): Promise<string> {
  const prepared = await vault.prepare(changes);
  if (!prepared.ok) return prepared.error.message;
  prepared.value(noTables);
  return 'ok';
}
async function read(name: string): Promise<string | null> {
  const found = await vault.read(name);
  return found.ok ? found.value : found.error.message;
}
const put = (text: string, fileMode = 0o600): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: fileMode });
  chmodSync(path, fileMode);
};

describe('a token file', () => {
  it('is made for its owner alone, and replaced as a whole', async () => {
    expect(await vault.status()).toMatchObject({ kind: 'file', state: 'ok', detail: path });
    expect(await read('account:a')).toBeNull();
    expect(await write({ 'account:a': '{"x":"한글"}', 'login:1': '{"state":"s"}' })).toBe('ok');
    expect([mode(path), mode(`${path}.pending`), mode(dirname(path))]).toEqual([0o600, 0o600, 0o700]);
    const before = statSync(path).ino;
    expect(await write({ 'account:b': '{"y":2}' })).toBe('ok');
    expect(statSync(path).ino).not.toBe(before);
    expect([await read('account:a'), await read('account:b'), await read('login:1')]).toEqual([
      '{"x":"한글"}',
      '{"y":2}',
      '{"state":"s"}',
    ]);
    expect(await vault.names()).toEqual({ ok: true, value: ['account:a', 'account:b'] });
    expect(readFileSync(path, 'utf8')).not.toContain('login:1');
    expect(await write({ 'account:a': null, 'login:1': null })).toBe('ok');
    expect(await read('account:a')).toBeNull();
    // No draft is left.
    expect(readdirSync(dirname(path)).sort()).toEqual(['tokens.json', 'tokens.json.pending']);
  });

  it('may be a link to one', async () => {
    const target = join(root, 'real', 'file.json');
    mkdirSync(dirname(target), { mode: 0o700 });
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    symlinkSync(target, path);
    writeFileSync(target, JSON.stringify({ format: 'dev-crew-tokens', version: 1, secrets: {} }), {
      mode: 0o600,
    });
    expect(await write({ 'account:a': '1' })).toBe('ok');
    expect(readFileSync(target, 'utf8')).toContain('account:a');
    expect(await read('account:a')).toBe('1');
  });
});

describe('a token file that is not as it should be is neither used nor overwritten', () => {
  const good = JSON.stringify({ format: 'dev-crew-tokens', version: 1, secrets: { 'account:a': { x: 1 } } });
  it.each([
    ['readable by others', good, 0o644, /can be read by others.*chmod 600/],
    ['readable by the group', good, 0o640, /can be read by others/],
    ['cut off', good.slice(0, -9), 0o600, /cut off/],
    ['empty', '', 0o600, /cut off/],
    ['of a later version', good.replace('"version":1', '"version":9'), 0o600, /another version.*9/],
    ['of another program', '{"access_token":"x"}', 0o600, /no token file of Dev Crew/],
    ['edited', good.replace('{"account:a":{"x":1}}', '7'), 0o600, /holds no tokens/],
    ['a list', '[]', 0o600, /no token file of Dev Crew/],
  ])('%s', async (_name, text, fileMode, message) => {
    put(text, fileMode);
    expect(await read('account:a')).toMatch(message);
    expect(await write({ 'account:a': '"new"' })).toMatch(message);
    const status = await vault.status();
    expect(status).toMatchObject({ kind: 'file', state: 'failed' });
    expect(status.advice).not.toBe('');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('in a folder that is open to others', async () => {
    put(good);
    chmodSync(dirname(path), 0o755);
    expect(await read('account:a')).toMatch(/open to others.*chmod 700/);
    expect(await write({ 'account:b': '1' })).toMatch(/open to others/);
  });

  it('a folder in its place', async () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    expect(await read('account:a')).toMatch(/is not a file|Cannot read/);
  });

  it('is noticed between preparing and writing, and nothing is written', async () => {
    const prepared = await vault.prepare({ 'account:a': '1' });
    put(good.slice(0, 20));
    expect(() => {
      if (prepared.ok) prepared.value(noTables);
    }).toThrow(VaultWriteFailed);
  });
});

describe('a token path inside of the workspace', () => {
  it.each([
    ['/work', '/work/tokens.json', true],
    ['/work', '/work/a/../tokens.json', true],
    ['/work', '/workshop/tokens.json', false],
    ['/work', '/elsewhere/tokens.json', false],
    ['/', '/anywhere/tokens.json', false],
  ])('%s has %s: %s', (workspace, file, inside) => {
    expect(isInsideWorkspace(file, workspace)).toBe(inside);
  });

  it('is found through links', () => {
    const workspace = join(root, 'work');
    mkdirSync(workspace);
    symlinkSync(workspace, join(root, 'link'));
    expect(isInsideWorkspace(join(root, 'link', 'new', 'tokens.json'), workspace)).toBe(true);
    expect(isInsideWorkspace(join(workspace, 'tokens.json'), join(root, 'link'))).toBe(true);
  });

  it('is refused at start, unless it is allowed', async () => {
    const { folder, remove } = accountFolder();
    const cwd = join(root, 'work');
    mkdirSync(cwd);
    const env = { DEV_CREW_OAUTH_TOKEN_PATH: join(cwd, 'secret', 'tokens.json') };
    expect(() => openAccounts({ dataFolder: folder, cwd, env })).toThrow(/DEV_CREW_OAUTH_TOKEN_PATH.*inside/);
    expect(existsSync(join(cwd, 'secret'))).toBe(false);
    const allowed = { ...env, DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH: '1' };
    const accounts = openAccounts({ dataFolder: folder, cwd, env: allowed });
    await accounts.stop();
    const odd = { DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH: 'yes' };
    expect(() => openAccounts({ dataFolder: folder, cwd, env: odd })).toThrow(
      'DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH: takes 0 or 1',
    );
    remove();
  });
});

describe('accounts of a token file', () => {
  it('are taken in by a data folder that has not seen them', async () => {
    const env = { DEV_CREW_OAUTH_TOKEN_PATH: path };
    const first = openAccounts({ dataFolder: join(root, 'one'), env });
    await first.call('accounts.addKey', {
      provider: 'openai-compatible',
      account_id: 'lab',
      api_key: 'key-of-the-lab-0123456789',
      base_url: 'https://lab.example/v1/',
      unchecked: true,
    });
    await first.stop();
    const second = openAccounts({ dataFolder: join(root, 'two'), env });
    await second.start();
    const { accounts } = await second.call('accounts.list', {});
    expect(accounts).toMatchObject([
      { provider: 'openai-compatible', account_id: 'lab', active: true, base_url: 'https://lab.example/v1' },
    ]);
    const credential = await second.credentials.active('openai-compatible', new AbortController().signal);
    expect(credential).toMatchObject({ ok: true, value: { secret: 'key-of-the-lab-0123456789' } });
    await second.stop();
  });

  it('are locked, not lost, while the file cannot be read', async () => {
    const env = { DEV_CREW_OAUTH_TOKEN_PATH: path };
    const accounts = openAccounts({ dataFolder: join(root, 'one'), env });
    await accounts.call('accounts.addKey', {
      provider: 'openai',
      api_key: 'key-0123456789',
      unchecked: true,
    });
    chmodSync(path, 0o644);
    const signal = new AbortController().signal;
    expect((await accounts.call('accounts.list', {})).accounts).toMatchObject([
      { state: 'locked', detail: expect.stringContaining('chmod 600') as string },
    ]);
    expect(await accounts.credentials.active('openai', signal)).toMatchObject({
      error: { kind: 'auth_expired' },
    });
    chmodSync(path, 0o600);
    expect(await accounts.credentials.active('openai', signal)).toMatchObject({ ok: true });
    expect(accounts.signedOut).toEqual([]);
    await accounts.stop();
  });
});

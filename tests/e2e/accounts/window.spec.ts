import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { startOpenidProvider, type OpenidProvider } from '../../support/openid-provider.ts';
import { needs } from '../../support/requirements-e2e.ts';
import { launchDesktop, test, type Desktop } from '../desktop/desktop.ts';

needs('build', 'electron', 'display', 'keyring');

const key = { provider: 'openai-codex', account_id: 'default' } as const;

/** Every file below a folder, as it is on disk. */
function contentsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => readFileSync(path, 'latin1'));
}

async function signIn(desktop: Desktop, provider: OpenidProvider): Promise<void> {
  const login = await desktop.call('accounts.startLogin', key);
  expect(login.listening).toBe(true);
  expect((await provider.browse(login.authorize_url!)).status).toBe(200);
}

test('the window signs in; the keychain has the key, the next start the account, and no file a token', async () => {
  await using provider = await startOpenidProvider();
  const secrets: string[] = [];
  provider.behave({
    onTokens: (body) =>
      secrets.push(
        ...Object.values(body)
          .filter((value) => String(value).length > 30)
          .map(String),
      ),
  });
  const dataFolder = mkdtempSync(join(tmpdir(), 'crew-desktop-accounts-'));
  const env = provider.env('openai-codex');
  {
    await using desktop = await launchDesktop({ env, dataFolder });
    const listed = await desktop.call('accounts.list', {});
    expect(listed.secrets).toMatchObject({ kind: 'keychain', state: 'ok' });
    await signIn(desktop, provider);
  }
  await using desktop = await launchDesktop({ env, dataFolder });
  const { accounts } = await desktop.call('accounts.list', {});
  expect(accounts).toMatchObject([{ ...key, state: 'ok', active: true, email: 'person-1@people.example' }]);
  secrets.push(provider.tokenRequests[0]!.form['code_verifier']!, provider.tokenRequests[0]!.form['code']!);
  expect(secrets.length).toBeGreaterThanOrEqual(5);
  const texts = [...contentsOf(dataFolder), await desktop.page.content(), JSON.stringify(accounts)];
  for (const secret of secrets) for (const text of texts) expect(text.includes(secret)).toBe(false);
  // What the next start reads is what the provider takes back.
  expect(await desktop.call('accounts.signOut', key)).toMatchObject({ revoked: true });
  expect(secrets).toContain(provider.revoked[0]);
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { accountFolder, openAccounts, type TestAccounts } from '../../support/accounts.ts';
import { startOpenidProvider, type OpenidProvider } from '../../support/openid-provider.ts';
import { needs } from '../../support/requirements-e2e.ts';
import { expectAccessible } from '../pages/fixture.ts';

needs('chromium');

const test = base.extend<{ provider: OpenidProvider; accounts: TestAccounts }>({
  provider: async ({ browserName: _ }, use) => {
    await using provider = await startOpenidProvider();
    await use(provider);
  },
  accounts: async ({ provider }, use) => {
    const place = accountFolder();
    const env = { DEV_CREW_OAUTH_TOKEN_PATH: place.tokenPath, ...provider.env('openai-codex') };
    const accounts = openAccounts({ dataFolder: place.folder, env });
    await use(accounts);
    await accounts.stop();
    place.remove();
  },
});

const stateOf = async (accounts: TestAccounts, loginId: string): Promise<string> =>
  (await accounts.call('accounts.login', { login_id: loginId })).state;

for (const [locale, title] of [
  ['en-US', 'You are signed in'],
  ['ko-KR', '로그인했습니다'],
] as const) {
  test.describe(locale, () => {
    test.use({ locale });
    test('a browser signs in, and is told so in its language', async ({ page, provider, accounts }) => {
      const login = await accounts.call('accounts.startLogin', { provider: 'openai-codex' });
      await page.goto(login.authorize_url!);
      await expect(page.getByRole('heading')).toHaveText(title);
      await expectAccessible(page);
      expect(await stateOf(accounts, login.login_id)).toBe('done');
      expect(provider.tokenRequests).toHaveLength(1);
    });
  });
}

/** What a page of another origin can make a browser send, at an address that it has somehow learned. */
const attack = async (url: string): Promise<void> => {
  await fetch(url, { mode: 'no-cors' }).catch(() => undefined);
  await fetch(url).catch(() => undefined);
  const shown = (element: HTMLImageElement | HTMLIFrameElement): Promise<void> =>
    new Promise((resolve) => {
      element.addEventListener('load', () => resolve());
      element.addEventListener('error', () => resolve());
      element.src = url;
      document.body.append(element);
    });
  await shown(document.createElement('img'));
  await shown(document.createElement('iframe'));
  const form = document.createElement('form');
  form.action = url;
  form.method = 'POST';
  document.body.append(form);
  form.submit();
};

test('a page of another origin neither ends a sign-in nor has its code used', async ({
  page,
  provider,
  accounts,
}) => {
  const evil = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<body>evil</body>'),
  ).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  const login = await accounts.call('accounts.startLogin', { provider: 'openai-codex' });
  const back = await provider.redirectOf(login.authorize_url!);
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(login.redirect_uri!)) refused.push(String(response.status()));
  });
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const posted = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.evaluate(attack, back);
  expect((await posted).status()).toBe(405);
  // What the browser itself keeps from its page is in no list.
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(new Set(refused)).toEqual(new Set(['403', '405']));
  expect(provider.tokenRequests).toEqual([]);
  expect(await stateOf(accounts, login.login_id)).toBe('waiting');
  // The user's own way back still counts.
  await page.goto(back);
  expect(await stateOf(accounts, login.login_id)).toBe('done');
  evil.close();
});

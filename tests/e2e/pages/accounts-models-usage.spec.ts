import { needs } from '../../support/requirements-e2e.ts';
import { expect, expectAccessible, test } from './fixture.ts';

needs('build', 'chromium');

test.describe('accounts', () => {
  test('a key goes to the engine and nowhere else', async ({ page, open, server }) => {
    await open('#/accounts');
    const section = page.getByRole('region', { name: 'OpenAI', exact: true });
    await section.getByRole('button', { name: 'Add a key' }).click();
    await expectAccessible(page);
    await page.getByLabel('API key', { exact: true }).fill('not-a-real-key');
    await page.getByRole('button', { name: 'Try and keep' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const sent = server.calls.find(({ name }) => name === 'accounts.addKey');
    expect(sent?.input).toMatchObject({
      provider: 'openai',
      api_key: 'not-a-real-key',
      account_id: 'default',
    });
    expect(await page.content()).not.toContain('not-a-real-key');
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain(
      'not-a-real-key',
    );
  });

  test('a sign-in is followed to its end', async ({ page, open, server }) => {
    await open('#/accounts');
    await page
      .getByRole('region', { name: 'Codex (ChatGPT plan)' })
      .getByRole('button', { name: 'Sign in', exact: true })
      .click();
    await page.getByText('Code', { exact: true }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
    const sent = server.calls.find(({ name }) => name === 'accounts.startLogin');
    // The second account of the provider gets a name of its own.
    expect(sent?.input).toMatchObject({
      provider: 'openai-codex',
      method: 'device',
      account_id: 'account-2',
    });
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('a provider whose terms forbid it asks first', async ({ page, open, server }) => {
    await open('#/accounts');
    const section = page.getByRole('region', { name: 'Google Antigravity' });
    await section.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('dialog')).toContainText('accounts were banned');
    await page.keyboard.press('Escape');
    expect(server.calls.some(({ name }) => name === 'accounts.startLogin')).toBe(false);
  });

  test('limits of a day, another active account, and signing out', async ({ page, open, server }) => {
    await open('#/accounts');
    await page.getByRole('button', { name: 'More for Work' }).click();
    await page.getByRole('button', { name: 'Name and limits…' }).click();
    await page.getByLabel('Most US dollars a day').fill('x');
    await expect(page.getByText('Takes a number of at least 0')).toBeVisible();
    await page.getByLabel('Most US dollars a day').fill('2.50');
    await page.getByLabel('Most tokens a day').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('button', { name: 'Use this one' }).click();
    await page.getByRole('button', { name: 'More for Work' }).click();
    await page.getByRole('button', { name: 'Sign out…' }).click();
    await page.getByRole('button', { name: 'Sign out…' }).last().click();
    await expect
      .poll(() =>
        server.calls.filter(({ name }) => /accounts\.(update|signOut)/.test(name)).map(({ input }) => input),
      )
      .toEqual([
        expect.objectContaining({ max_cost_usd_per_day: 2.5, max_tokens_per_day: null }),
        expect.objectContaining({ account_id: 'team', active: true }),
        expect.objectContaining({ provider: 'anthropic', forget: false }),
      ]);
  });
});

test.describe('models', () => {
  test('are found, ordered, tested and chosen', async ({ page, open, server }) => {
    await open('#/models');
    await page.getByLabel('Search models').fill('claude');
    await expect(page.getByRole('listitem').filter({ hasText: 'anthropic/' })).toHaveCount(2);
    await page.getByRole('button', { name: 'Reasoning' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'anthropic/' })).toHaveCount(1);
    await page.getByRole('button', { name: 'Reasoning' }).click();
    await page.getByLabel('Order').selectOption('price');
    await expect(page.getByRole('listitem').filter({ hasText: 'anthropic/' }).first()).toContainText('Haiku');
    await page.getByRole('button', { name: 'Test Claude Haiku' }).click();
    await expect(page.getByText('Answers and calls tools correctly')).toBeVisible();
    await page.getByRole('button', { name: 'More for Claude Haiku' }).click();
    await page.getByRole('button', { name: 'Use for the crew' }).click();
    await expect
      .poll(() => server.calls.find(({ name }) => name === 'settings.update')?.input)
      .toEqual({ values: { model: 'anthropic/claude-haiku' } });
    await expectAccessible(page);
  });

  test('have a price that the user may set', async ({ page, open, server }) => {
    await open('#/models');
    await page.getByRole('button', { name: 'More for Claude Sonnet' }).click();
    await page.getByRole('button', { name: 'Price…' }).click();
    await expect(page.getByRole('dialog')).toContainText('as of 2026-11-01');
    await page.getByLabel('Output', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(server.calls.find(({ name }) => name === 'llm.setPrice')?.input).toEqual({
      provider: 'anthropic',
      model_id: 'claude-sonnet',
      price: { input_usd: 3, cached_input_usd: 0.3, output_usd: 12 },
    });
  });
});

test.describe('usage', () => {
  test('is grouped, spanned and saved as a file', async ({ page, open, server }) => {
    await open('#/usage');
    await expect(page.getByRole('row', { name: /Total/ })).toContainText('$5.36');
    await page.getByText('Model', { exact: true }).click();
    await page.getByText('7 days', { exact: true }).click();
    await expect
      .poll(() => server.calls.filter(({ name }) => name === 'usage.report').at(-1)?.input)
      .toMatchObject({ by: 'model' });
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await download).suggestedFilename()).toBe('dev-crew-usage.csv');
  });
});

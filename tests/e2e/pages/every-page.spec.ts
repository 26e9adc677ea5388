import { needs } from '../../support/requirements-e2e.ts';
import { expect, expectAccessible, test } from './fixture.ts';
import { emptyScenario, jobId, workday } from './scenario.ts';

needs('build', 'chromium');

const pages = [
  ['jobs', '#/jobs'],
  ['new job', '#/new'],
  ['inbox', '#/inbox'],
  ['usage', '#/usage'],
  ['models', '#/models'],
  ['accounts', '#/accounts'],
  ['settings', '#/settings'],
  ['timeline', `#/jobs/${jobId('work')}/timeline`],
  ['plan', `#/jobs/${jobId('approve')}/plan`],
  ['question', `#/jobs/${jobId('ask')}`],
  ['changes', `#/jobs/${jobId('done')}/changes`],
  ['report', `#/jobs/${jobId('done')}/report`],
  ['escalations', `#/jobs/${jobId('failed')}/escalations`],
  ['no such job', '#/jobs/none'],
  ['no such page', '#/what/ever'],
] as const;

for (const [colorScheme, locale] of [
  ['light', 'en-US'],
  ['dark', 'ko-KR'],
] as const) {
  test.describe(`${colorScheme}, ${locale}`, () => {
    test.use({
      colorScheme,
      locale,
      scenario: workday(),
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });

    test('no page has an accessibility violation', async ({ page, open }) => {
      for (const [name, hash] of pages)
        await test.step(name, async () => {
          await open(hash);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await expect(page.getByRole('status', { name: /Loading|불러오는 중/ })).toHaveCount(0);
          await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
          await expectAccessible(page);
        });
    });
  });
}

test.describe('with nothing there', () => {
  test.use({ scenario: emptyScenario() });

  test('the list invites the first job', async ({ page, open }) => {
    await open('#/');
    await page.getByRole('link', { name: 'Create a job' }).click();
    await expect(page.getByRole('textbox', { name: 'Goal' })).toBeFocused();
    await page.goBack();
    await expectAccessible(page);
  });

  test('the inbox says that nothing is needed', async ({ page, open }) => {
    await open('#/inbox');
    await expect(page.getByRole('heading', { name: 'Nothing needs you' })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe('when the engine fails', () => {
  const broken = { code: 'unavailable', message: 'The database is locked' } as const;
  const failures = [
    ['jobs.list', '#/jobs', 'The jobs could not be loaded'],
    ['jobs.get', `#/jobs/${jobId('work')}`, 'This job could not be loaded'],
    ['jobs.timeline', `#/jobs/${jobId('work')}/timeline`, 'The timeline could not be loaded'],
    ['jobs.plan', `#/jobs/${jobId('work')}/plan`, 'The plan could not be loaded'],
    ['jobs.diff', `#/jobs/${jobId('work')}/changes`, 'The changes could not be loaded'],
    ['jobs.report', `#/jobs/${jobId('done')}/report`, 'The report could not be loaded'],
    ['jobs.escalations', `#/jobs/${jobId('work')}/escalations`, 'The escalations could not be loaded'],
    ['escalations.list', '#/inbox', 'The inbox could not be loaded'],
    ['accounts.list', '#/accounts', 'The accounts could not be loaded'],
    ['llm.models', '#/models', 'The models could not be loaded'],
    ['usage.report', '#/usage', 'The usage could not be loaded'],
    ['settings.get', '#/settings', 'The settings could not be loaded'],
    ['system.doctor', '#/settings', 'The checks could not be run'],
  ] as const;

  for (const [name, hash, title] of failures)
    test(`${name}: the reason is shown, and trying again works`, async ({ page, server, open }) => {
      server.failWith(name, broken);
      await open(hash);
      const alert = page.getByRole('alert').filter({ hasText: title });
      await expect(alert).toContainText('The database is locked');
      await expectAccessible(page);
      server.repair(name);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(alert).toHaveCount(0);
    });
});

test('a page that waits shows the shape of what is coming', async ({ page, server, open }) => {
  const release = server.hold('jobs.list');
  await open('#/jobs');
  await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
  await expectAccessible(page);
  release();
  await expect(page.getByRole('link', { name: /Update the licence headers/ })).toBeVisible();
});

test('a narrow window keeps everything in reach', async ({ page, open }) => {
  await page.setViewportSize({ width: 480, height: 800 });
  for (const [, hash] of pages) {
    await open(hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(480);
  }
  await expect(page.getByRole('link', { name: 'New job' })).toBeVisible();
});

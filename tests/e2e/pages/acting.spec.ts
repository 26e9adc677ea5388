import { needs } from '../../support/requirements-e2e.ts';
import { expect, expectAccessible, test } from './fixture.ts';
import { jobId, tell, workday } from './scenario.ts';

needs('build', 'chromium');

test.beforeEach(({ scenario }) => {
  Object.assign(scenario, workday());
});

test.describe('a new job', () => {
  test('of a known repository takes N, the goal, and Ctrl+Enter', async ({ page, server, open }) => {
    await open('#/');
    await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByRole('textbox', { name: 'Goal' })).toBeFocused();
    await page.keyboard.type('Fix the clock');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Fix the clock' })).toBeVisible();
    const [create] = server.calls.filter((call) => call.name === 'jobs.create');
    expect(create?.input).toMatchObject({
      repo: '/home/mina/work/calendar',
      base_branch: 'main',
      approval: 'manual',
    });
    expect(create?.input['mode']).toBeUndefined();
    expect(create?.input['idempotency_key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('started twice in a hurry is one job', async ({ page, server, open }) => {
    await open('#/new');
    await page.getByRole('textbox', { name: 'Goal' }).fill('Once');
    const release = server.hold('jobs.create');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('button', { name: /Starting/ })).toBeDisabled();
    release();
    await expect(page.getByRole('heading', { level: 1, name: 'Once' })).toBeVisible();
    expect(server.calls.filter((call) => call.name === 'jobs.create')).toHaveLength(1);
  });

  test('says what is wrong at the field, before and after sending', async ({ page, server, open }) => {
    await open('#/new');
    await page.getByRole('button', { name: /Start job/ }).click();
    await expect(page.getByRole('textbox', { name: 'Goal' })).toBeFocused();
    await expect(page.getByText('Say what the crew should do.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('textbox', { name: 'Goal' }).fill('x');
    await expect(page.getByText('Say what the crew should do.')).toHaveCount(0);
    server.failWith('jobs.create', {
      code: 'invalid_input',
      message: '',
      fields: [{ loc: ['body', 'base_branch'], msg: 'There is no such branch', type: 'value_error' }],
    });
    await page.getByRole('button', { name: /Start job/ }).click();
    const branch = page.getByRole('combobox', { name: 'Base branch' });
    await expect(branch).toBeFocused();
    await expect(branch).toHaveAccessibleDescription(/There is no such branch/);
  });

  test('looks at the repository as soon as the field is left', async ({ page, open }) => {
    await open('#/new');
    const repo = page.getByRole('combobox', { name: 'Repository' });
    await repo.fill('/nowhere');
    await repo.press('Tab');
    await expect(repo).toHaveAccessibleDescription('There is no folder at this path');
    await repo.fill('');
    await repo.press('ArrowDown');
    await repo.press('ArrowDown');
    await repo.press('Enter');
    await expect(repo).toHaveValue('acme/booking');
    await expect(page.getByRole('combobox', { name: 'Base branch' })).toHaveValue('develop');
    await expect(repo).toHaveAccessibleDescription('3 branches');
  });
});

test.describe('a plan', () => {
  test('is approved from its page with one key, in the version that was read', async ({
    page,
    server,
    open,
  }) => {
    await open(`#/jobs/${jobId('approve')}`);
    await expect(page.getByText('3 tasks. Nothing has been changed yet.')).toBeVisible();
    await page.keyboard.press('a');
    await expect(page.getByText('Plan approved. The crew starts.')).toBeVisible();
    expect(server.calls.findLast((call) => call.name === 'jobs.approve')?.input).toMatchObject({
      version: 1,
    });
    await expect(page.getByRole('button', { name: /Approve/ })).toHaveCount(0);
  });

  test('is rejected with a reason', async ({ page, server, open }) => {
    await open(`#/jobs/${jobId('approve')}/plan`);
    await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Reject this plan?' });
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('textbox').fill('Too much at once');
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toHaveCount(0);
    expect(server.calls.findLast((call) => call.name === 'jobs.reject')?.input).toMatchObject({
      reason: 'Too much at once',
    });
    await expect(page.getByText('The job was canceled')).toBeVisible();
  });

  test('that someone else was faster with says so', async ({ page, server, open }) => {
    server.failWith('jobs.approve', { code: 'conflict', message: 'The plan has a newer version' });
    await open(`#/jobs/${jobId('approve')}`);
    await page.getByRole('button', { name: /Approve/ }).click();
    await expect(page.getByText('The plan has a newer version')).toBeVisible();
  });
});

test('a job is canceled only after a yes', async ({ page, server, open }) => {
  await open(`#/jobs/${jobId('work')}`);
  await page.getByRole('button', { name: 'Cancel job' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Cancel job' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
  await expect(page.getByText('The job was canceled')).toBeVisible();
  expect(server.calls.filter((call) => call.name === 'jobs.cancel')).toHaveLength(1);
});

test('a failed job says why, and runs again as a new one', async ({ page, open }) => {
  await open(`#/jobs/${jobId('failed')}`);
  await expect(page.getByText('max_tool_calls exceeded: 11/10').first()).toBeVisible();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page).not.toHaveURL(new RegExp(jobId('failed')));
  await expect(page.getByRole('button', { name: 'Cancel job' })).toBeVisible();
});

test('the inbox is emptied in place', async ({ page, server, open }) => {
  await open('#/inbox');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation.getByText('3 things need you')).toBeAttached();
  await page.getByRole('button', { name: /Show plan/ }).click();
  await expect(page.getByText('Cover the first and last day of every era')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByRole('heading', { name: /Plans to approve/ })).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Your answer' }).fill('Only src/calendar');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: /Questions/ })).toHaveCount(0);
  expect(server.calls.findLast((call) => call.name === 'jobs.answer')?.input).toMatchObject({
    escalation_id: 'e1',
    answer: 'Only src/calendar',
  });
  await page.getByRole('button', { name: 'Mark as seen' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing needs you' })).toBeVisible();
});

test.describe('settings', () => {
  test('are saved one by one, and taken back', async ({ page, server, open }) => {
    await open('#/settings');
    const field = page.getByRole('textbox', { name: 'Jobs at once' });
    await field.fill('4');
    await field.press('Enter');
    await expect(page.getByText('Jobs at once saved')).toBeVisible();
    expect(server.scenario.settings.values.max_parallel_jobs).toBe(4);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(field).toHaveValue('2');
  });

  test('that are not possible stay in the field with the reason', async ({ page, server, open }) => {
    await open('#/settings');
    const field = page.getByRole('textbox', { name: 'Jobs at once' });
    await field.fill('99');
    await field.press('Tab');
    await expect(field).toHaveAccessibleDescription(/not possible here/);
    await expect(field).toHaveValue('99');
    await field.press('Escape');
    await expect(field).toHaveValue('2');
    expect(server.calls.filter((call) => call.name === 'settings.update')).toHaveLength(0);
  });

  test('fixed by the environment name the variable', async ({ page, open }) => {
    await open('#/settings');
    await expect(page.getByRole('textbox', { name: 'Docker image' })).toBeDisabled();
    await expect(page.getByText('Set by the environment: DEV_CREW_DOCKER_IMAGE')).toBeVisible();
  });

  test('of theme and language take effect at once, and last', async ({ page, open }) => {
    await open('#/settings');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('ko');
    await expect(page.getByRole('heading', { level: 1, name: '설정' })).toBeVisible();
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });

  test('the machine says what to do, and the audit log is verified', async ({ page, open }) => {
    await open('#/settings');
    await expect(page.getByText('Live jobs are not possible yet')).toBeVisible();
    await expect(page.getByText('Start Docker Desktop, or run: sudo systemctl start docker')).toBeVisible();
    await page.getByRole('button', { name: 'Verify' }).click();
    await expect(page.getByText('Whole: 1,284 records')).toBeVisible();
  });
});

test('the keyboard alone goes everywhere', async ({ page, server, open }) => {
  await open('#/');
  await expect(page.getByRole('link', { name: /Update the licence headers/ })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: /Replace moment/ })).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('heading', { level: 1, name: 'Dates before 1970 are parsed wrong' }),
  ).toBeVisible();
  await page.keyboard.press('3');
  await expect(page.getByRole('navigation', { name: 'Changed files' })).toBeVisible();
  // Typed as people do, without waiting for the page between the two.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('i')]);
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('s')]);
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Jobs at once' }).press('n');
  await expect(page).toHaveURL(/#\/settings$/);
  expect(server.calls.some((call) => call.name === 'settings.update')).toBe(false);
});

test('what strangers write is text', async ({ page, scenario, open }) => {
  let ran = false;
  page.on('dialog', (dialog) => {
    ran = true;
    void dialog.dismiss();
  });
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>[x](javascript:alert(3))';
  const work = scenario.jobs.find((job) => job.job_id === jobId('work'));
  if (work) work.goal = `${evil}\n\n${evil}`;
  tell(scenario, 'work', 'executing', new Date().toISOString(), { event_type: 'notice', text: evil });
  for (const tab of ['timeline', 'plan', 'changes', 'report']) {
    await open(`#/jobs/${jobId('work')}/${tab}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('onerror');
    if (tab === 'timeline') await page.getByRole('button', { name: 'Show the whole goal' }).click();
    await expect(page.locator('main img, main script, main a[href^="javascript"]')).toHaveCount(0);
  }
  expect(ran).toBe(false);
});

import type { Locator } from '@playwright/test';
import type { JobEvent } from '../../../src/shared/job.ts';
import { startPagesServer } from '../../support/pages-server.ts';
import { needs, part } from '../../support/requirements-e2e.ts';
import { expect, test } from './fixture.ts';
import { ago, emptyScenario, jobId, makeJob, tell, workday } from './scenario.ts';

needs('build', 'chromium');

test.beforeEach(({ scenario }) => {
  Object.assign(scenario, workday());
});

const backend = { agent: 'backend', agent_role: 'backend', task_id: 'T2' } as const;
const now = (): string => new Date().toISOString();

test('an agent is read while it writes, then its step takes the place', async ({
  page,
  server,
  scenario,
  open,
}) => {
  await open(`#/jobs/${jobId('work')}/timeline`);
  await expect(page.getByText('Task T1 finished')).toBeInViewport();
  const delta = (text: string) =>
    ({ kind: 'delta', job_id: jobId('work'), agent: 'backend', agent_role: 'backend', text }) as const;
  await server.push(delta('I add the '), delta('missing tests'));
  await expect(page.getByText('I add the missing tests')).toBeInViewport();
  const step = tell(scenario, 'work', 'executing', now(), {
    ...backend,
    event_type: 'agent_step',
    step: 1,
    text: 'I add the **missing tests**.',
    tool_calls: [{ call_id: 'c1', name: 'run_command', summary: 'npm test' }],
    prompt_tokens: 10,
    completion_tokens: 2,
  });
  await server.push({ kind: 'event', event: step });
  await expect(page.locator('strong', { hasText: 'missing tests' })).toBeInViewport();
  await expect(page.getByText('writing')).toHaveCount(0);
  const call = page.getByRole('button', { name: /run_command npm test running/ });
  await expect(call).toBeDisabled();
  const result = tell(scenario, 'work', 'executing', now(), {
    ...backend,
    event_type: 'tool_result',
    step: 1,
    call_id: 'c1',
    name: 'run_command',
    ok: true,
    output: '44 passed',
    duration_ms: 900,
    sandbox_run: true,
  });
  await server.push({ kind: 'event', event: result });
  await page.getByRole('button', { name: /run_command npm test .* succeeded/ }).click();
  await expect(page.getByText('44 passed')).toBeInViewport();
});

test('states change in the list and on the page by themselves', async ({ page, server, scenario, open }) => {
  await open('#/');
  const row = page.getByRole('link', { name: /Update the licence headers/ });
  await expect(row).toContainText('Queued');
  const move = tell(scenario, 'queued', 'context_collecting', now(), {
    event_type: 'state_transition',
    from_state: 'received',
    to_state: 'context_collecting',
  });
  await server.push({ kind: 'event', event: move });
  await expect(row).toContainText('Reading');
  const born = makeJob('born', { goal: 'Just arrived', state: 'received' });
  scenario.jobs.unshift(born);
  const received = tell(scenario, 'born', 'received', now(), {
    event_type: 'workflow_step',
    step: 'request',
    phase: 'received',
    details: {},
  });
  await server.push({ kind: 'event', event: received });
  await expect(page.getByRole('link', { name: /Just arrived/ })).toBeVisible();
});

test('a lost connection is said, and nothing is missed', async ({ page, server, scenario, open }) => {
  await open(`#/jobs/${jobId('work')}/timeline`);
  await expect(page.getByText('Task T1 finished')).toBeInViewport();
  const first = tell(scenario, 'work', 'executing', now(), {
    event_type: 'notice',
    text: 'Before the break',
  });
  await server.push({ kind: 'event', event: first });
  await expect(page.getByText('Before the break')).toBeInViewport();
  server.dropStreams();
  await expect(page.getByText('Connection lost. Reconnecting…')).toBeVisible();
  tell(scenario, 'work', 'executing', now(), { event_type: 'notice', text: 'During the break' });
  server.takeStreams();
  await expect(page.getByText('During the break')).toBeInViewport();
  await expect(page.getByText('Connection lost. Reconnecting…')).toHaveCount(0);
  await expect(page.getByText('Before the break')).toHaveCount(1);
});

test('10,000 jobs scroll by pages', async ({ page, scenario, open }) => {
  Object.assign(scenario, emptyScenario());
  for (let index = 0; index < 10_000; index += 1)
    scenario.jobs.push(
      makeJob(`j${index}`, { goal: `Job number ${index}`, state: 'completed', created_at: ago(index) }),
    );
  await open('#/');
  await expect(page.getByText('10,000 jobs')).toBeVisible();
  await expect(page.getByRole('link', { name: /Job number 0 / })).toBeVisible();
  const links = page.locator('[data-job]');
  await links.first().hover();
  // Each turn of the wheel goes past what is loaded; the list must keep up.
  for (const target of [150, 450, 900]) {
    await expect(async () => {
      await page.mouse.wheel(0, 6000);
      const last = await links.last().getAttribute('data-job');
      expect(Number(/^j(\d+)-/.exec(last ?? '')?.[1]?.slice(0, 4) ?? 0)).toBeGreaterThan(target);
    }).toPass({ intervals: [100] });
    expect(await links.count()).toBeLessThan(60);
  }
});

/** Where it is, in pixels from the top, once it has stayed there from one frame of the screen to the next. */
async function restingPlace(locator: Locator): Promise<number> {
  const twice = (): Promise<[number, number]> =>
    locator.evaluate(
      (element) =>
        new Promise((resolve) => {
          const { y } = element.getBoundingClientRect();
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve([y, element.getBoundingClientRect().y])),
          );
        }),
    );
  let [before, after] = await twice();
  while (before !== after) [before, after] = await twice();
  return after;
}

test.describe('a job of 100,000 steps', () => {
  const total = 100_000;
  const notices = (job: string): JobEvent[] =>
    Array.from({ length: total }, (_, index) => ({
      id: index + 1,
      job_id: jobId(job),
      at: ago(1),
      state: 'executing',
      message: 'notice',
      metadata: { event_type: 'notice', text: `Step number ${index + 1}`, call_order: index + 1 },
    }));

  test('opens at its end, scrolls back through pages, and stays where its reader is', async ({
    page,
    server,
    scenario,
    open,
  }) => {
    scenario.events = notices('work');
    await open(`#/jobs/${jobId('work')}/timeline`);
    await expect(page.getByText(`Step number ${total}`, { exact: true })).toBeInViewport();
    const steps = page.getByRole('region', { name: 'Steps' });
    await steps.hover();
    await expect(async () => {
      await page.mouse.wheel(0, -4000);
      const first = await page
        .getByText(/^Step number \d+$/)
        .first()
        .textContent();
      expect(Number(first?.split(' ').at(-1))).toBeLessThan(98_000);
    }).toPass({ intervals: [100] });
    expect(await page.getByRole('listitem').count()).toBeLessThan(120);
    const reading = page.getByText(/^Step number \d+$/).nth(20);
    const text = (await reading.textContent()) ?? '';
    const before = await restingPlace(page.getByText(text, { exact: true }));
    const next = tell(scenario, 'work', 'executing', now(), { event_type: 'notice', text: 'Something new' });
    await server.push({ kind: 'event', event: next });
    await expect(page.getByRole('button', { name: 'Jump to the end' })).toBeVisible();
    const after = await restingPlace(page.getByText(text, { exact: true }));
    expect(Math.abs(after - before)).toBeLessThan(2);
    await page.getByRole('button', { name: 'Jump to the end' }).click();
    await expect(page.getByText('Something new')).toBeInViewport();
  });

  test('that come all at once do not hold up the page', async ({ page, server, scenario, open }) => {
    scenario.events = [];
    await open(`#/jobs/${jobId('work')}/timeline`);
    await expect(page.getByText('Nothing has happened yet')).toBeVisible();
    scenario.events = notices('work');
    await server.push(...scenario.events.map((event) => ({ kind: 'event', event }) as const));
    await expect(page.getByText(`Step number ${total}`, { exact: true })).toBeInViewport();
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  });
});

test.describe('a server that asks for a token', () => {
  test('the address hands it over once; without it the page asks', async ({ page, complaints }) => {
    void complaints;
    const server = await startPagesServer({
      pages: `${part('build')}/renderer`,
      scenario: workday(),
      token: 'good',
    });
    await page.goto(`${server.url}/#token=good`);
    await expect(page.getByRole('link', { name: /Update the licence headers/ })).toBeVisible();
    expect(page.url()).not.toContain('good');
    await page.reload();
    await expect(page.getByRole('link', { name: /Update the licence headers/ })).toBeVisible();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${server.url}/#/inbox`);
    await page.reload();
    await expect(page.getByText('dev-crew token')).toBeVisible();
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await expect(page.getByText(/The server refused this token/)).toBeVisible();
    await page.getByLabel('Token').fill('good');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    await server.close();
  });
});

import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { startMockDesktop, type DesktopEvent, type MockDesktop } from '../../support/desktop/mock-desktop.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { addBugFiles, addBugGoal, addBugScript } from '../../support/scenarios/add-bug.ts';
import { needs, part } from '../../support/requirements-e2e.ts';
import { launchDesktop, test, type Desktop } from './desktop.ts';

needs('build', 'electron', 'display', 'dbus');

let services: MockDesktop;
test.beforeEach(async () => {
  services = await startMockDesktop();
});
test.afterEach(() => services.stop());

const launch = (): Promise<Desktop> => launchDesktop({ env: { DBUS_SESSION_BUS_ADDRESS: part('dbus') } });
const isNotice =
  (summary: string) =>
  (event: DesktopEvent): boolean =>
    event.ev === 'notify' && event['summary'] === summary;
const dryRun = { repo: '/nowhere', mode: 'dry_run' as const };

test('the tray says what is going on and brings the window back', async () => {
  await using desktop = await launch();
  await services.waitFor(({ ev }) => ev === 'tray_properties');
  expect((await services.menu()).map(({ label }) => label)).toEqual([
    'No jobs running',
    '',
    'Open Dev Crew',
    'Quit',
  ]);
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  const isMinimized = (): Promise<boolean | undefined> =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
  services.clickMenu('Open Dev Crew');
  await expect.poll(isMinimized).toBe(false);
  const ended = once(desktop.app.process(), 'exit');
  services.clickMenu('Quit');
  await ended;
});

test('a notification tells of a job that ended, and a click opens it', async () => {
  await using desktop = await launch();
  const { job_id } = await desktop.call('jobs.create', { ...dryRun, goal: 'Count <b>all</b> & more' });
  const notice = await services.waitFor(isNotice('A job is done'));
  expect(String(notice['body'])).toContain('Count b all /b more');
  services.clickNotification(Number(notice['id']));
  await expect.poll(() => desktop.page.url()).toBe(`app://crew/index.html#/jobs/${job_id}`);
});

test('a notification tells of a job that failed', async () => {
  await using desktop = await launch();
  await desktop.call('jobs.create', { ...dryRun, goal: 'Too much', max_state_transitions: 1 });
  const notice = await services.waitFor(isNotice('A job failed'));
  expect(String(notice['body'])).toContain('max_state_transitions exceeded');
});

test('texts are Korean where that is set, and notifications stop where they are off', async () => {
  await using desktop = await launch();
  await desktop.call('settings.update', { values: { language: 'ko' } });
  await desktop.call('jobs.create', { ...dryRun, goal: '첫 작업' });
  await services.waitFor(isNotice('작업이 끝났습니다'));
  await expect.poll(async () => (await services.menu()).map(({ label }) => label)).toContain('Dev Crew 열기');
  await desktop.call('settings.update', { values: { notifications: false } });
  const before = services.events().filter(({ ev }) => ev === 'notify').length;
  const { job_id } = await desktop.call('jobs.create', { ...dryRun, goal: '둘째 작업' });
  await expect.poll(async () => (await desktop.call('jobs.get', { job_id })).state).toBe('completed');
  expect(services.events().filter(({ ev }) => ev === 'notify')).toHaveLength(before);
});

test('a job that needs a human says so, and the app waits for the answer without its window', async () => {
  const folder = await makeTempFolder();
  const model = await startModelServer(addBugScript());
  try {
    const repo = await makeRepo(join(folder, 'repo'), addBugFiles);
    const env = { DBUS_SESSION_BUS_ADDRESS: part('dbus'), DEV_CREW_OLLAMA_BASE_URL: model.url };
    await using desktop = await launchDesktop({ env });
    const job = {
      goal: addBugGoal,
      repo: repo.path,
      mode: 'plan_only',
      approval: 'manual',
      specialists: 'auto',
    } as const;
    const { job_id } = await desktop.call('jobs.create', job);
    await services.waitFor(isNotice('A job needs you'));
    const labels = async (): Promise<string[]> => (await services.menu()).map(({ label }) => label);
    await expect.poll(labels).toContain('1 needs you');

    await desktop.page.close();
    const windows = (): Promise<number> =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    await expect.poll(windows).toBe(0);
    const opened = desktop.app.waitForEvent('window');
    services.clickMenu('1 needs you');
    const page = await opened;
    await expect.poll(() => page.url()).toBe('app://crew/index.html#/inbox');

    await page.evaluate((id) => window.crew?.call('jobs.cancel', { job_id: id }), job_id);
    await expect.poll(labels).toContain('No jobs running');
  } finally {
    await model.close();
    await removeTempFolder(folder);
  }
});

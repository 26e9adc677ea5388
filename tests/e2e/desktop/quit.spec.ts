import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { needs } from '../../support/requirements-e2e.ts';
import { launchDesktop, test, type Desktop } from './desktop.ts';

needs('build', 'electron', 'display');

/** Answers the quit dialog by itself: button 0 quits, 1 keeps running. */
const answerWith = (desktop: Desktop, response: number): Promise<void> =>
  desktop.app.evaluate(({ dialog }, button) => {
    const asked = ((globalThis as unknown as { asked?: string[] }).asked ??= []);
    dialog.showMessageBox = (async (options: { message: string }) => {
      asked.push(options.message);
      return { response: button, checkboxChecked: false };
    }) as unknown as typeof dialog.showMessageBox;
  }, response);
const asked = (desktop: Desktop): Promise<string[]> =>
  desktop.app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
const quit = (desktop: Desktop): Promise<void> =>
  desktop.app.evaluate(({ app }) => void setImmediate(() => app.quit()));

test('quitting asks while a job runs, goes on when told to, and stops the job in order', async () => {
  // A model that takes the question and never answers keeps a job running for as long as the test likes.
  const model = createServer((request) => request.resume()).listen(0, '127.0.0.1');
  await once(model, 'listening');
  const folder = await makeTempFolder();
  try {
    const repo = await makeRepo(join(folder, 'repo'), { 'README.md': 'x\n' });
    const { port } = model.address() as { port: number };
    const env = { DEV_CREW_OLLAMA_BASE_URL: `http://127.0.0.1:${port}` };
    await using desktop = await launchDesktop({ env, dataFolder: join(folder, 'data') });
    const asking = once(model, 'request');
    await desktop.call('jobs.create', { goal: 'Think', repo: repo.path, mode: 'plan_only' });
    await asking;

    await answerWith(desktop, 1);
    await quit(desktop);
    await expect.poll(() => asked(desktop)).toEqual(['1 job is running']);
    expect(await desktop.call('system.health', {})).toMatchObject({ running_jobs: 1 });

    await answerWith(desktop, 0);
    const ended = once(desktop.app.process(), 'exit');
    await quit(desktop);
    expect((await ended)[0]).toBe(0);

    // The job was given back, not lost: the next start has it.
    await using again = await launchDesktop({ env, dataFolder: join(folder, 'data') });
    const { jobs } = await again.call('jobs.list', {});
    expect(jobs).toMatchObject([{ state: 'planning', goal: 'Think' }]);
  } finally {
    model.closeAllConnections();
    model.close();
    await removeTempFolder(folder);
  }
});

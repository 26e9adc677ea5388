import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { FeedFrame } from '../../../src/shared/events.ts';
import { endProcess, killTree } from '../../support/end-process.ts';
import { needs, part } from '../../support/requirements-e2e.ts';
import { launchDesktop, launchOptions, test } from './desktop.ts';

needs('build', 'electron', 'display');

const windowCount = (desktop: Awaited<ReturnType<typeof launchDesktop>>): Promise<number> =>
  desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

test('the window shows the pages and follows a job over IPC', async () => {
  await using desktop = await launchDesktop();
  await expect(desktop.page.locator('body')).toContainText('Dev Crew');
  const frames = await desktop.page.evaluate(async () => {
    const crew = window.crew;
    if (!crew) throw new Error('no bridge');
    const created = (await crew.call('jobs.create', {
      goal: 'Look around',
      repo: '/nowhere',
      mode: 'dry_run',
    })) as {
      value: { job_id: string };
    };
    return new Promise<FeedFrame[]>((resolve) => {
      const seen: FeedFrame[] = [];
      const stop = crew.subscribe({ job_id: created.value.job_id, after: 0 }, (frame) => {
        seen.push(frame as FeedFrame);
        if ((frame as FeedFrame).kind !== 'done') return;
        stop();
        resolve(seen);
      });
    });
  });
  const states = frames.flatMap((frame) => (frame.kind === 'event' ? [frame.event.state] : []));
  expect(states[0]).toBe('received');
  expect(states.at(-1)).toBe('completed');
  const ids = frames.flatMap((frame) => (frame.kind === 'event' ? [frame.event.id] : []));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test('a second launch brings the first window back and ends', async () => {
  await using desktop = await launchDesktop();
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  const { args, env } = desktop.options;
  const second = spawn(part('electron'), args, { env, stdio: 'ignore' });
  try {
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
  } finally {
    killTree(second);
  }
  await expect
    .poll(() => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
    .toBe(false);
  expect(await windowCount(desktop)).toBe(1);
});

test('the window comes back where it was', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'crew-desktop-'));
  try {
    {
      await using desktop = await launchDesktop({ dataFolder });
      await desktop.app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setBounds({ x: 60, y: 40, width: 900, height: 600 });
        setImmediate(() => window?.close());
      });
      await expect.poll(() => saved(dataFolder)).toMatchObject({ bounds: { width: 900, height: 600 } });
    }
    await using again = await launchDesktop({ dataFolder });
    expect(
      await again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds()),
    ).toMatchObject({ width: 900, height: 600 });
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
});

function saved(dataFolder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(dataFolder, 'window.json'), 'utf8'));
  } catch {
    return null;
  }
}

test('a page that dies is loaded again, and the engine goes on', async () => {
  await using desktop = await launchDesktop();
  const job = await desktop.call('jobs.create', { goal: 'Survive', repo: '/nowhere', mode: 'dry_run' });
  const reloaded = desktop.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve());
        setImmediate(() => contents?.forcefullyCrashRenderer());
      }),
  );
  await reloaded;
  const seen = await desktop.app.evaluate(
    async ({ BrowserWindow }, jobId) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        `window.crew.call('jobs.get', { job_id: ${JSON.stringify(jobId)} })`,
      ) as Promise<unknown>,
    job.job_id,
  );
  expect(seen).toMatchObject({ ok: true });
});

test('an idle app ends with its window, and nothing of it stays', async () => {
  await using desktop = await launchDesktop();
  const process = desktop.app.process();
  const ended = once(process, 'exit');
  await desktop.page.close();
  const [code] = (await ended) as [number];
  expect(code).toBe(0);
});

test('SIGTERM stops it gracefully', async () => {
  await using desktop = await launchDesktop();
  const process = desktop.app.process();
  const ended = once(process, 'exit');
  process.kill('SIGTERM');
  const [code] = (await ended) as [number];
  expect(code).toBe(0);
});

test('HTTP is off, unless asked for', async () => {
  {
    await using closed = await launchDesktop();
    expect(() => readFileSync(join(closed.dataFolder, 'server.json'))).toThrow('ENOENT');
  }
  await using open = await launchDesktop({ args: ['--http-port', '0'] });
  const { url, token_path } = JSON.parse(readFileSync(join(open.dataFolder, 'server.json'), 'utf8')) as {
    url: string;
    token_path: string;
  };
  const authorization = `Bearer ${readFileSync(token_path, 'utf8').trim()}`;
  expect((await fetch(`${url}/health`, { headers: { authorization } })).status).toBe(200);
  expect((await fetch(`${url}/health`)).status).toBe(401);
});

test('what keeps it from starting is said on stderr and in a dialog, which a signal ends', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'crew-desktop-'));
  const options = launchOptions({ dataFolder, env: { DEV_CREW_JOB_MAX_TOOL_CALLS: 'many' } });
  const child = spawn(part('electron'), options.args, {
    env: options.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = new Promise<string>((resolve) => {
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('cannot start')) resolve(text);
    });
  });
  try {
    expect(await said).toContain('DEV_CREW_JOB_MAX_TOOL_CALLS');
  } finally {
    await endProcess(child, () => child.kill('SIGTERM'));
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10 });
  }
});

test('an error that nothing caught is logged, and neither stops the app nor keeps it from ending', async () => {
  await using desktop = await launchDesktop();
  await desktop.app.evaluate(() => {
    setImmediate(() => {
      void Promise.reject(new Error('a planted rejection'));
      throw new Error('a planted error');
    });
  });
  const log = (): string => readFileSync(join(desktop.dataFolder, 'dev-crew.log'), 'utf8');
  await expect.poll(log).toContain('a planted error');
  await expect.poll(log).toContain('a planted rejection');
  expect(await desktop.call('system.health', {})).toMatchObject({ status: 'ok' });
  const ended = once(desktop.app.process(), 'exit');
  await desktop.page.close();
  expect((await ended)[0]).toBe(0);
});

test('it ends whenever it is told to, also while it starts', async () => {
  // From before its first line to after its window is there, on a machine that is free.
  for (const startedMs of [50, 150, 250, 350, 450, 600, 800]) {
    const dataFolder = mkdtempSync(join(tmpdir(), 'crew-desktop-'));
    const { args, env } = launchOptions({ dataFolder });
    const child = spawn(part('electron'), args, { env, stdio: 'ignore' });
    await delay(startedMs);
    await endProcess(child, () => child.kill('SIGTERM'));
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10 });
  }
});

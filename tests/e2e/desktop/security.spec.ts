import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { needs } from '../../support/requirements-e2e.ts';
import { launchDesktop, test, type Desktop } from './desktop.ts';

needs('build', 'electron', 'display');

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(() => desktop[Symbol.asyncDispose]());

test('the page has no Node, no Electron and nothing but two functions of ours', async () => {
  const found = await desktop.page.evaluate(() => {
    const all = globalThis as unknown as Record<string, unknown>;
    return {
      node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in all,
      ),
      bridge: Object.keys(all['crew'] as object).sort(),
    };
  });
  expect(found).toEqual({ node: [], bridge: ['call', 'subscribe'] });
});

test('the window is sandboxed, isolated and without Node', async () => {
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
      contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});

test('the page comes from app:// with a policy that stops inline script and eval', async () => {
  expect(desktop.page.url()).toMatch(/^app:\/\/crew\/index\.html/);
  const policy = await desktop.page.evaluate(async () =>
    (await fetch('app://crew/index.html')).headers.get('content-security-policy'),
  );
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  const ran = await desktop.page.evaluate(async () => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), {
        once: true,
      });
    });
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    return [await violation, 'ranInline' in window];
  });
  expect(ran).toEqual(['script-src-elem', false]);
});

test('the page cannot reach another host or a file', async () => {
  for (const url of [
    'https://example.com/',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'app://other/index.html',
  ])
    expect(
      await desktop.page.evaluate(
        (address) =>
          fetch(address).then(
            (answer) => answer.status,
            () => 'refused',
          ),
        url,
      ),
      url,
    ).toBe('refused');
  expect(
    await desktop.page.evaluate(() =>
      fetch('app://crew/..%2f..%2fpackage.json').then((answer) => answer.status),
    ),
  ).toBe(404);
});

test('window.open opens nothing, and only https goes to the browser', async () => {
  await desktop.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url: string) => void opened.push(url);
  });
  const urls = [
    'https://example.com/x',
    'http://example.com/',
    'file:///etc/passwd',
    'app://crew/',
    'mailto:a@b.c',
    'https://u:p@example.com/',
  ];
  for (const url of urls)
    expect(await desktop.page.evaluate((address) => window.open(address) === null, url)).toBe(true);
  const [windows, opened] = await desktop.app.evaluate(
    ({ BrowserWindow }) =>
      [BrowserWindow.getAllWindows().length, (globalThis as unknown as { opened: string[] }).opened] as const,
  );
  expect(windows).toBe(1);
  expect(opened).toEqual(['https://example.com/x']);
});

test('the page stays where it is', async () => {
  const before = desktop.page.url();
  const log = (): string => readFileSync(join(desktop.dataFolder, 'dev-crew.log'), 'utf8');
  await desktop.page.evaluate(() => Object.assign(window, { stayed: true }));
  for (const url of [
    'file:///etc/passwd',
    'data:text/html,x',
    'app://crew/other.html',
    'https://example.com/led-away',
  ])
    await desktop.page.evaluate((address) => void (window.location.href = address), url);
  await expect.poll(log).toContain('https://example.com/led-away');
  expect(log()).toContain('"msg":"navigation refused"');
  expect(await desktop.page.evaluate(() => 'stayed' in window)).toBe(true);
  expect(desktop.page.url()).toBe(before);
});

test('permissions are denied', async () => {
  const states = await desktop.page.evaluate(async () => {
    const asked = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
    return Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
});

test('a sub-frame gets no answer over IPC', async () => {
  // The policy keeps frames out, so the test puts one there by the debugger and gives it the bridge's channel.
  const answers = await desktop.app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (!contents) throw new Error('no window');
    await contents.executeJavaScript(`
      const frame = document.createElement('iframe'); frame.src = 'about:blank'; document.body.append(frame); null`);
    const [sub] = contents.mainFrame.frames;
    const handlers = (
      ipcMain as unknown as { _invokeHandlers: Map<string, (...args: unknown[]) => Promise<unknown>> }
    )._invokeHandlers;
    const call = handlers.get('crew:call');
    const from = (senderFrame: unknown): Promise<unknown> | undefined =>
      call?.({ sender: contents, senderFrame, frameId: 1, processId: 1 }, 'jobs.list', {});
    return {
      frames: contents.mainFrame.frames.length,
      sub: await from(sub),
      main: await from(contents.mainFrame),
    };
  });
  expect(answers.frames).toBe(1);
  expect(answers.sub).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect(answers.main).toMatchObject({ ok: true });
});

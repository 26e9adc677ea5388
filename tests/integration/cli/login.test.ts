import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startOpenidProvider, type OpenidProvider } from '../../support/openid-provider.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { describeWithBuild, part } from '../../support/requirements.ts';
import { startServe } from '../../support/serve-process.ts';

let provider: OpenidProvider;
let folder: string;
let tokens: string;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  provider = await startOpenidProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  folder = await makeTempFolder();
  tokens = join(folder, 'tokens', 'tokens.json');
  mkdirSync(join(folder, 'work'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await removeTempFolder(folder);
  provider.behave({ deny: null });
  provider.tokenRequests.length = 0;
});

const env = (): Record<string, string> => ({
  DEV_CREW_DATA_DIR: join(folder, 'data'),
  DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: '0',
  DEV_CREW_OAUTH_TOKEN_PATH: tokens,
  DISPLAY: '',
  WAYLAND_DISPLAY: '',
  ...provider.env('openai-codex'),
  ...provider.env('google-antigravity'),
});

/** A command line that runs, with a person who reads and types. */
interface Running {
  child: ChildProcessWithoutNullStreams;
  out: () => string;
  err: () => string;
  /** Resolves with the first match in what was printed, past or to come. */
  until(pattern: RegExp): Promise<string>;
  type(line: string): void;
  /** Closes what is typed; resolves with the exit code. */
  end(): Promise<number | null>;
}

function devCrew(args: string[], more: Record<string, string> = {}, cwd = join(folder, 'work')): Running {
  const child = spawn(process.execPath, [join(part('build'), 'main/cli.js'), ...args], {
    cwd,
    env: { ...process.env, ...env(), ...more },
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    out: () => out,
    err: () => err,
    type: (line) => void child.stdin.write(`${line}\n`),
    until: async (pattern) => {
      for (;;) {
        const found = pattern.exec(out + err)?.[0];
        if (found !== undefined) return found;
        const ended = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          once(child.stderr, 'data').then(() => false),
          closed.then(() => true),
        ]);
        if (ended && !pattern.test(out + err))
          throw new Error(`ended without ${String(pattern)}: ${out}${err}`);
      }
    },
    end: async () => {
      child.stdin.end();
      return (await closed)[0];
    },
  };
}

const login = (...args: string[]): Running =>
  devCrew(['login', '--provider', 'openai-codex', '--http-timeout-seconds', '10', ...args]);
const address = (running: Running): Promise<string> =>
  running.until(/http:\/\/127\.0\.0\.1:\d+\/auth\?\S+(?=\s)/);

async function output(...args: string[]): Promise<string> {
  const running = devCrew(args);
  expect(await running.end()).toBe(0);
  return running.out();
}

describeWithBuild('dev-crew login', () => {
  it('signs in by the browser, in five steps, and leaves a status file', async () => {
    const status = join(folder, 'status', 'login.json');
    const running = login('--status-file', status);
    await provider.browse(await address(running));
    expect(await running.end()).toBe(0);
    for (const step of [1, 2, 3, 4, 5]) expect(running.out()).toContain(`[${step}/5] `);
    expect(running.out()).toContain('person-1@people.example');
    expect(JSON.parse(readFileSync(status, 'utf8'))).toEqual({
      provider: 'openai-codex',
      account_id: 'default',
      token_path: tokens,
      pending_path: `${tokens}.pending`,
      completed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(statSync(tokens).mode & 0o777).toBe(0o600);
    const { accessToken } = tokensOf(tokens);
    expect(running.out() + running.err()).not.toContain(accessToken);
    const listed = await output('accounts', '--json');
    expect(listed).not.toContain(accessToken);
    expect(JSON.parse(listed)).toMatchObject({ accounts: [{ provider: 'openai-codex', state: 'ok' }] });
    expect(await output('accounts')).toMatch(/\* +openai-codex +default +person-1@people\.example +plus +ok/);
    expect(await output('logout', '--provider', 'openai-codex')).toContain('taken back');
    expect(await output('accounts')).toContain('signed_out');
  });

  it('opens the browser at that address, and not with --no-browser', async () => {
    const bin = join(folder, 'bin');
    const seen = join(folder, 'seen');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'xdg-open'),
      `#!/bin/sh\nprintf %s "$1" > ${seen}.new && mv ${seen}.new ${seen}\n`,
    );
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const desktop = { DISPLAY: ':99', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const running = devCrew(['login', '--provider', 'openai-codex'], desktop);
    const url = await address(running);
    await expect.poll(() => existsSync(seen)).toBe(true);
    expect(readFileSync(seen, 'utf8')).toBe(url);
    await provider.browse(url);
    expect(await running.end()).toBe(0);
    const quiet = devCrew(
      ['login', '--provider', 'openai-codex', '--no-browser', '--account-id', 'b'],
      desktop,
    );
    const second = await address(quiet);
    await provider.browse(second);
    expect(await quiet.end()).toBe(0);
    expect(readFileSync(seen, 'utf8')).toBe(url);
  });

  it.each([['--manual-input'], ['--remote']])(
    'takes what is pasted (%s); what is not right may be pasted again',
    async (flag) => {
      const running = login(flag, '--no-browser');
      const url = await address(running);
      expect(running.out()).toContain('Not listening');
      running.type('nothing of the sort');
      await running.until(/neither the address/);
      running.type((await provider.redirectOf(url)).replace(/state=[^&]*/, 'state=another'));
      await running.until(/another sign-in/);
      running.type(await provider.redirectOf(url));
      expect(await running.end()).toBe(0);
    },
  );

  it('falls back to pasting when the port is taken; without it, says so and fails', async () => {
    const { DEV_CREW_OAUTH_OPENAI_CODEX_REDIRECT_URI: uri = '' } = env();
    const server = createServer().listen(Number(new URL(uri).port), '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const hopeless = login('--no-manual-fallback');
    expect(await hopeless.end()).toBe(1);
    expect(hopeless.err().trim().split('\n')).toHaveLength(1);
    expect(hopeless.err()).toMatch(/Port \d+ is taken/);
    const running = login();
    const url = await address(running);
    await running.until(/is taken by another program/);
    running.type(await provider.redirectOf(url));
    expect(await running.end()).toBe(0);
  });

  it('falls back to pasting when nobody comes in time; with nobody to paste, fails', async () => {
    const running = login('--timeout-seconds', '1');
    const url = await address(running);
    await running.until(/Nobody came back within 1 s/);
    running.type(await provider.redirectOf(url));
    expect(await running.end()).toBe(0);
    const alone = login('--timeout-seconds', '1', '--account-id', 'other');
    expect(await alone.end()).toBe(1);
    expect(alone.err()).toBe('dev-crew: Nobody came back within 1 s\n');
  });

  it('says in one line why the provider refused', async () => {
    provider.behave({ deny: { error: 'access_denied', description: 'missing_codex_entitlement' } });
    const running = login();
    await provider.browse(await address(running));
    expect(await running.end()).toBe(1);
    expect(running.err()).toMatch(/^dev-crew: .*no access to Codex.*\n$/);
  });

  it('goes on after kill -9 with the same sign-in', async () => {
    const first = login();
    const url = await address(first);
    await first.until(/\[4\/5\]/);
    first.child.kill('SIGKILL');
    await first.end();
    const second = login();
    expect(await address(second)).toBe(url);
    await second.until(/\[4\/5\]/);
    await provider.browse(url);
    expect(await second.end()).toBe(0);
  });

  it('works through a running server, which then has the account', async () => {
    const server = await startServe(part('build'), join(folder, 'data'), env());
    cleanups.push(() => server[Symbol.asyncDispose]());
    const running = login();
    await provider.browse(await address(running));
    expect(await running.end()).toBe(0);
    expect(await output('accounts')).toContain('person-1@people.example');
  });

  it('keeps tokens and the sign-in under way where it is told, and nowhere inside of the workspace', async () => {
    const mine = join(folder, 'mine', 'tokens.json');
    const pending = join(folder, 'pending', 'pending.json');
    const running = login('--token-path', mine, '--pending-path', pending, '--json');
    const url = await address(running);
    await running.until(/\[4\/5\]/);
    expect(readFileSync(pending, 'utf8')).toContain('codeVerifier');
    expect(existsSync(mine)).toBe(false);
    await provider.browse(url);
    expect(await running.end()).toBe(0);
    expect(JSON.parse(running.out())).toMatchObject({ token_path: mine, pending_path: pending });
    expect(tokensOf(mine).accessToken).not.toBe('');
    expect(readFileSync(pending, 'utf8')).not.toContain('codeVerifier');
    const inside = login('--token-path', 'tokens.json');
    expect(await inside.end()).toBe(1);
    expect(inside.err()).toMatch(/inside of the workspace.*DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH=1/);
    expect(existsSync(join(folder, 'work', 'tokens.json'))).toBe(false);
  });

  it('is for the user, whichever repository it is called in', async () => {
    const [one, other] = ['one', 'other'].map((name) => join(folder, name));
    for (const repository of [one!, other!]) mkdirSync(join(repository, '.git'), { recursive: true });
    const user = { DEV_CREW_DATA_DIR: '', XDG_CONFIG_HOME: join(folder, 'config') };
    const running = devCrew(['login', '--provider', 'openai-codex'], user, one);
    await provider.browse(await address(running));
    expect(await running.end()).toBe(0);
    const listed = devCrew(['accounts'], user, other);
    expect(await listed.end()).toBe(0);
    expect(listed.out()).toContain('person-1@people.example');
    expect(existsSync(join(other!, '.dev_crew', 'jobs.db'))).toBe(true);
  });

  it('asks for the warning of a provider to be accepted', async () => {
    const refused = devCrew(['login', '--provider', 'google-antigravity']);
    expect(await refused.end()).toBe(1);
    expect(refused.err()).toMatch(/terms forbid.*--accept-warning/);
    const running = devCrew(['login', '--provider', 'google-antigravity', '--accept-warning']);
    await provider.browse(await address(running));
    expect(await running.end()).toBe(0);
  });

  it('takes an API key, checked with a call', async () => {
    const server = createServer((request, response) => {
      const allowed = request.headers.authorization === 'Bearer key-that-is-right-0123456789';
      response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(allowed ? { data: [{ id: 'm' }] } : { error: { message: 'no' } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const args = ['login', '--provider', 'openai-compatible', '--base-url', base];
    const wrong = devCrew(args);
    await wrong.until(/Paste the key/);
    wrong.type('key-that-is-wrong-0123456789');
    expect([await wrong.end(), wrong.err()]).toEqual([1, expect.stringContaining('does not take this key')]);
    const right = devCrew(args);
    await right.until(/Paste the key/);
    right.type('key-that-is-right-0123456789');
    expect(await right.end()).toBe(0);
    expect(right.out() + right.err()).not.toContain('key-that-is-right');
  });
});

function tokensOf(path: string): { accessToken: string } {
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    secrets: Record<string, { tokens: { accessToken: string } }>;
  };
  return file.secrets['account:openai-codex/default']!.tokens;
}

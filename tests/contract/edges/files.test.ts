import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../../../src/main/api/data-folder.ts';
import { findServer, removeServerFile, writeServerFile } from '../../../src/main/api/server-file.ts';
import { ensureToken, readToken, sameToken, tokenPath } from '../../../src/main/api/token.ts';
import { httpWish } from '../../../src/main/desktop/http-wish.ts';
import { languageOf } from '../../../src/main/desktop/texts.ts';
import { loadWindowState, saveWindowState } from '../../../src/main/desktop/window-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crew-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the token', () => {
  it('is 32 random bytes in a file for its owner, made once', () => {
    const deep = join(folder, 'new', 'data');
    const token = ensureToken(deep);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect([mode(tokenPath(deep)), mode(deep)]).toEqual(['600', '700']);
    expect([ensureToken(deep), readToken(deep)]).toEqual([token, token]);
    expect(readdirSync(deep)).toEqual(['api-token']);
  });

  it('loses a mode that is too wide', () => {
    ensureToken(folder);
    chmodSync(tokenPath(folder), 0o644);
    ensureToken(folder);
    expect(mode(tokenPath(folder))).toBe('600');
  });

  it.each(['', 'short', '\n', 'x'.repeat(43) + ' y'])('replaces a file that holds none: %j', (content) => {
    writeFileSync(tokenPath(folder), content);
    const token = ensureToken(folder);
    expect(readFileSync(tokenPath(folder), 'utf8')).toBe(`${token}\n`);
  });

  it('is compared whole', () => {
    expect(sameToken('abc', 'abc')).toBe(true);
    for (const other of ['', 'ab', 'abcd', 'abC']) expect(sameToken(other, 'abc')).toBe(false);
  });
});

describe('server.json', () => {
  const info = { url: 'http://127.0.0.1:8000', pid: process.pid, token_path: '/x' };

  it('is for its owner and goes with its server', () => {
    writeServerFile(folder, info);
    expect(mode(join(folder, 'server.json'))).toBe('600');
    expect(findServer(folder)).toEqual(info);
    removeServerFile(folder, process.pid + 1);
    expect(findServer(folder)).toEqual(info);
    removeServerFile(folder, process.pid);
    expect(findServer(folder)).toBeNull();
  });

  it('of a process that is gone counts for nothing', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeServerFile(folder, { ...info, pid });
    expect(findServer(folder)).toBeNull();
  });

  it.each([
    '',
    '{',
    '{}',
    '{"url":"file:///x","pid":1,"token_path":null}',
    '{"url":"http://h","pid":-1,"token_path":null}',
  ])('that holds %j counts for nothing', (content) => {
    writeFileSync(join(folder, 'server.json'), content);
    expect(findServer(folder)).toBeNull();
  });
});

describe('the data folder', () => {
  it.each([
    ['linux', { HOME: '/h' }, '/h/.config/Dev Crew'],
    ['linux', { HOME: '/h', XDG_CONFIG_HOME: '/c' }, '/c/Dev Crew'],
    ['linux', { HOME: '/h', XDG_CONFIG_HOME: 'relative' }, '/h/.config/Dev Crew'],
    ['darwin', { HOME: '/h' }, '/h/Library/Application Support/Dev Crew'],
    ['linux', { HOME: '/h', DEV_CREW_DATA_DIR: '/d' }, '/d'],
    ['linux', { HOME: '/h', DEV_CREW_DATA_DIR: 'd' }, '/cwd/d'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(defaultDataFolder(env, '/cwd', platform)).toBe(expected);
  });
});

describe('the desktop’s own choices', () => {
  it.each([
    [{}, ['electron', '.'], null],
    [{ DEV_CREW_HTTP: '0' }, [], null],
    [{ DEV_CREW_HTTP: '1' }, [], { port: 8000 }],
    [{}, ['.', '--http-port', '0'], { port: 0 }],
    [{ DEV_CREW_HTTP: '1' }, ['--http-port=9000'], { port: 9000 }],
  ])('HTTP with %j %j is %j', (env, argv, value) => {
    expect(httpWish(env, argv)).toEqual({ ok: true, value });
  });

  it.each([
    [{ DEV_CREW_HTTP: 'yes' }, []],
    [{}, ['--http-port']],
    [{}, ['--http-port', 'x']],
    [{}, ['--http-port=70000']],
  ])('HTTP with %j %j is refused with the reason', (env, argv) => {
    expect(httpWish(env, argv)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/takes/) as string },
    });
  });

  it('language: the settings win, then the system', () => {
    expect(languageOf('en', 'ko-KR')).toBe('en');
    expect([languageOf('system', 'ko-KR'), languageOf('system', 'ko'), languageOf('system', 'de')]).toEqual([
      'ko',
      'ko',
      'en',
    ]);
  });

  it('window: where it was, as long as that is on a screen', () => {
    const screen = { x: 0, y: 0, width: 1920, height: 1080 };
    const state = { bounds: { x: 10, y: 20, width: 900, height: 600 }, maximized: false };
    expect(loadWindowState(folder, [screen])).toBeNull();
    saveWindowState(folder, state);
    expect(loadWindowState(folder, [screen])).toEqual(state);
    expect(loadWindowState(folder, [{ ...screen, x: 5000 }])).toBeNull();
    writeFileSync(join(folder, 'window.json'), '{"bounds":{"x":"far"}}');
    expect(loadWindowState(folder, [screen])).toBeNull();
    saveWindowState('/nowhere/at/all', state);
  });
});

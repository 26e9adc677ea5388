import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFile } from '../../../src/main/desktop/page-files.ts';
import { raw } from './raw.ts';
import { startStubServer, type StubServer } from './stub-server.ts';

let server: StubServer;
let folder: string;
let root: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crew-pages-'));
  root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Dev Crew</title>');
  writeFileSync(join(root, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(root, '.hidden.js'), 'hidden');
  writeFileSync(join(root, 'data.bin'), 'bytes');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  mkdirSync(join(folder, 'renderer-2'));
  writeFileSync(join(folder, 'renderer-2', 'x.js'), 'secret');
  symlinkSync(join(folder, 'secret.js'), join(root, 'link.js'));
  server = await startStubServer({ webRoot: root });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('the pages over HTTP', () => {
  it('are public, with a policy of no inline script', async () => {
    const page = await raw(server.port, '/', { headers: {} });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers['cache-control']).toBe('no-cache');
  });

  it('keep what is named by its content, and only that', async () => {
    const asset = await raw(server.port, '/assets/main-abc.js', { headers: {} });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-type']).toContain('javascript');
  });

  it.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/assets/../../secret.js',
    '/.hidden.js',
    '/assets',
    '/none.js',
  ])('do not include %s', async (path) => {
    const answer = await raw(server.port, path, { headers: {} });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('secret');
  });
});

describe('the pages over app://', () => {
  it.each([
    ['app://crew/index.html', 'text/html; charset=utf-8'],
    ['app://crew/', 'text/html; charset=utf-8'],
    ['app://crew/index.html?x=1#/jobs/1', 'text/html; charset=utf-8'],
    ['app://crew/assets/main-abc.js', 'text/javascript; charset=utf-8'],
  ])('include %s', async (url, type) => {
    expect(await pageFile(root, url)).toMatchObject({ type });
  });

  it.each([
    'app://crew/../secret.js',
    'app://crew/..%2fsecret.js',
    'app://crew/%2e%2e%2fsecret.js',
    'app://crew/..%5csecret.js',
    'app://crew/assets/..%2f..%2fsecret.js',
    'app://crew/../renderer-2/x.js',
    'app://crew/..%2frenderer-2/x.js',
    'app://crew/link.js',
    'app://crew/data.bin',
    'app://crew/index.html%00.js',
    'app://crew/assets',
    'app://crew/none.js',
    'app://evil/index.html',
    'file:///etc/passwd',
    'http://crew/index.html',
    'app://crew/%',
    'nonsense',
  ])('do not include %s', async (url) => {
    expect(await pageFile(root, url)).toBeNull();
  });
});

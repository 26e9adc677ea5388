import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames, operations } from '../../../src/shared/operations.ts';
import { bearer, raw } from './raw.ts';
import { startStubServer, type StubServer } from './stub-server.ts';

let server: StubServer;
beforeAll(async () => {
  server = await startStubServer({ allowedHosts: ['crew.lan'] });
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the token', () => {
  const paths = operationNames.map((name) => {
    const { method, path } = operations[name].http;
    return [method, path.replace(/\{\w+\}/g, 'x')] as const;
  });
  it.each([...paths, ['GET', '/events'], ['GET', '/jobs/x/events']] as const)(
    'is needed for %s %s',
    async (method, path) => {
      const answer = await raw(server.port, path, { method, headers: {} });
      expect(answer.status).toBe(401);
      expect(answer.json).toEqual({ detail: expect.stringContaining('dev-crew token') as string });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(server.calls).toEqual([]);
    },
  );

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a-toke',
    'Bearer a-token2',
    'Bearer a-token x',
    'Basic a-token',
    'a-token',
    'bearer A-TOKEN',
    `Bearer ${'a'.repeat(5000)}`,
  ])('is not %j', async (authorization) => {
    expect((await raw(server.port, '/jobs', { headers: { authorization } })).status).toBe(401);
  });

  it('is not taken from the address', async () => {
    const answer = await raw(server.port, '/jobs?token=a-token&access_token=a-token', { headers: {} });
    expect(answer.status).toBe(401);
  });

  it.each(['Bearer a-token', 'bearer a-token', 'BEARER   a-token'])(
    'may be sent as %j',
    async (authorization) => {
      expect((await raw(server.port, '/jobs', { headers: { authorization } })).status).toBe(200);
    },
  );

  it('can be turned off', async () => {
    await using open = await startStubServer({ token: null });
    expect((await raw(open.port, '/jobs', { headers: {} })).status).toBe(200);
  });

  it('is not needed for what describes the program', async () => {
    for (const path of ['/openapi.json', '/docs/', '/docs/js/scalar.js'])
      expect((await raw(server.port, path, { headers: {} })).status, path).toBe(200);
  });
});

describe('Host', () => {
  const status = async (host: string): Promise<number> =>
    (await raw(server.port, '/jobs', { headers: { ...bearer, host } })).status;

  it.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]', 'crew.lan'])(
    'may be %s with our port',
    async (name) => {
      expect(await status(`${name}:${server.port}`)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'crew.lan.evil.example',
    '127.0.0.2',
    '2130706433',
    '0.0.0.0',
  ])('may not be %s, which a page can rebind to us', async (name) => {
    expect(await status(`${name}:${server.port}`)).toBe(403);
  });

  it.each(['localhost', 'localhost:1', 'localhost:', 'user@localhost', 'localhost:80:80', 'local host'])(
    'may not be %j',
    async (host) => expect(await status(host)).toBe(403),
  );

  it('is checked before the token, also for pages', async () => {
    const headers = { host: `evil.example:${server.port}` };
    for (const path of ['/', '/openapi.json', '/jobs', '/nowhere'])
      expect((await raw(server.port, path, { headers })).status, path).toBe(403);
  });

  it('may be any address, but no other name, where every address is listened on', async () => {
    await using wide = await startStubServer({ host: '0.0.0.0' });
    const at = async (name: string): Promise<number> =>
      (await raw(wide.port, '/jobs', { headers: { ...bearer, host: `${name}:${wide.port}` } })).status;
    expect(await at('192.168.7.7')).toBe(200);
    expect(await at('[fe80::1]')).toBe(200);
    expect(await at('evil.example')).toBe(403);
  });
});

describe('Origin', () => {
  const get = async (origin: string, host = `127.0.0.1:${server.port}`) =>
    raw(server.port, '/jobs', { headers: { ...bearer, host, origin } });

  it('may be our own', async () => {
    expect((await get(`http://127.0.0.1:${server.port}`)).status).toBe(200);
    expect((await get(`http://localhost:${server.port}`, `localhost:${server.port}`)).status).toBe(200);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1', 'file://', 'app://crew', ''])(
    'may not be %j',
    async (origin) => expect((await get(origin)).status).toBe(403),
  );

  it('of another port or scheme of this host is refused', async () => {
    expect((await get('http://127.0.0.1:1')).status).toBe(403);
    expect((await get(`https://127.0.0.1:${server.port}`)).status).toBe(403);
  });

  it('never gets leave to read across origins', async () => {
    const headers = { ...bearer, origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await raw(server.port, '/jobs', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(403);
    for (const answer of [
      preflight,
      await raw(server.port, '/jobs'),
      await raw(server.port, '/openapi.json'),
    ])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it.each(['cross-site', 'same-site'])(
    'is backed by Sec-Fetch-Site: a %s request is refused',
    async (site) => {
      await using open = await startStubServer({ token: null });
      const headers = { 'sec-fetch-site': site };
      expect((await raw(open.port, '/llm/models?force_refresh=1', { headers })).status).toBe(403);
      expect(open.calls).toEqual([]);
      // Following a link to the pages is no request of another page.
      expect((await raw(open.port, '/openapi.json', { headers })).status).toBe(200);
    },
  );
});

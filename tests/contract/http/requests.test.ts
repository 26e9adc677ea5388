import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpStatusOf, errorCodes } from '../../../src/shared/errors.ts';
import { bearer, json, raw } from './raw.ts';
import { startStubServer, type StubServer } from './stub-server.ts';

let server: StubServer;
beforeAll(async () => {
  server = await startStubServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => server.behave(() => null));

const create = (body: string | Buffer, headers: Record<string, string> = json) =>
  raw(server.port, '/jobs', { method: 'POST', headers, body });
const job = JSON.stringify({ goal: 'g', repo: 'r' });
const lastInput = (): unknown => server.calls.at(-1)?.input;

describe('the calls of the Python service', () => {
  it('creates a job with 200 and the key from its header', async () => {
    const answer = await create(job, { ...json, 'Idempotency-Key': 'k' });
    expect([answer.status, answer.json]).toEqual([200, { job_id: 'j1', state: 'received', reused: false }]);
    expect(lastInput()).toMatchObject({ goal: 'g', repo: 'r', base_branch: 'main', idempotency_key: 'k' });
  });

  it('takes the key from nowhere else, and the job from the path alone', async () => {
    await create(JSON.stringify({ goal: 'g', repo: 'r', idempotency_key: 'sneaked' }));
    expect(lastInput()).not.toHaveProperty('idempotency_key');
    const options = { method: 'POST', headers: json, body: '{"job_id":"other"}' };
    await raw(server.port, '/jobs/j9/cancel', options);
    expect(lastInput()).toMatchObject({ job_id: 'j9' });
  });

  it.each(errorCodes)('answers %s with its status and {"detail": text}', async (code) => {
    server.behave(() => ({ ok: false, error: { code, message: 'so it is' } }));
    const answer = await raw(server.port, '/jobs/x');
    expect([answer.status, answer.json]).toEqual([httpStatusOf[code], { detail: 'so it is' }]);
  });

  it('answers fields with loc, msg and type', async () => {
    const answer = await create('{"goal":"g"}');
    expect(answer.status).toBe(422);
    expect(answer.json).toEqual({
      detail: [{ loc: ['body', 'repo'], msg: 'Field required', type: 'missing' }],
    });
  });

  it.each(['?provider=&force_refresh=', '', '?unknown=1&__proto__=x'])(
    'takes %j as nothing asked',
    async (query) => {
      expect((await raw(server.port, `/llm/models${query}`)).status).toBe(200);
      expect(lastInput()).toEqual({ force_refresh: false });
    },
  );

  it('refuses an unknown provider with 422', async () => {
    expect((await raw(server.port, '/llm/models?provider=nobody')).status).toBe(422);
    expect((await raw(server.port, '/llm/models/refresh?provider=nobody', { method: 'POST' })).status).toBe(
      422,
    );
  });

  it.each(['1', 'true', 'True', 'yes', 'on'])('reads force_refresh=%s as Python did', async (value) => {
    await raw(server.port, `/llm/models?force_refresh=${value}`);
    expect(lastInput()).toEqual({ force_refresh: true });
  });

  it('takes an address with a slash at its end', async () => {
    expect((await raw(server.port, '/jobs/')).status).toBe(200);
  });

  it.each([
    ['without a body', bearer, ''],
    [
      'with an empty form, as curl -X POST -d "" sends',
      { ...bearer, 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' },
      '',
    ],
    ['with empty JSON', { ...json, 'content-length': '0' }, ''],
    ['with {}', json, '{}'],
  ])('takes a POST %s', async (_what, headers, body) => {
    expect((await raw(server.port, '/llm/usage/reset', { method: 'POST', headers, body })).status).toBe(200);
  });
});

describe('a request that cannot be right', () => {
  it.each(['{', 'goal=g', '{"goal":"g",}', "{'goal':'g'}", Buffer.from([0x22, 0xff, 0xfe, 0x22])])(
    'is a 422 when its body is not JSON: %j',
    async (body) => {
      const answer = await create(body);
      expect(answer.status).toBe(422);
      expect(answer.json).toMatchObject({ detail: [{ loc: ['body'], type: 'json_invalid' }] });
    },
  );

  it.each(['[]', '"text"', '7', 'true', '[{"goal":"g","repo":"r"}]'])(
    'is a 422 when its body is %s',
    async (body) => {
      const answer = await create(body);
      expect(answer.status).toBe(422);
      expect(answer.json).toMatchObject({ detail: [{ loc: ['body'] }] });
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('is a 415 as %s, which a page could send without asking', async (type) => {
    const answer = await create(job, { ...bearer, 'content-type': type });
    expect([answer.status, Object.keys(answer.json as object)]).toEqual([415, ['detail']]);
  });

  it('is a 413 above 1 MiB, said or streamed', async () => {
    const body = JSON.stringify({ goal: 'x'.repeat(1024 * 1024), repo: 'r' });
    const expected = [413, { detail: 'The body is larger than 1 MiB' }];
    const said = await create(body, { ...json, 'content-length': String(body.length) });
    expect([said.status, said.json]).toEqual(expected);
    const streamed = await create(body, { ...json, 'transfer-encoding': 'chunked' });
    expect([streamed.status, streamed.json]).toEqual(expected);
  });

  it('cannot reach a prototype', async () => {
    const answer = await create(
      '{"goal":"g","repo":"r","__proto__":{"mode":"live"},"constructor":{"prototype":{"x":1}}}',
    );
    expect(answer.status).toBe(200);
    expect(lastInput()).not.toHaveProperty('mode');
    expect({}).not.toHaveProperty('x');
  });

  it('takes the last of two keys, as JSON does, and refuses a query given twice', async () => {
    await create('{"goal":"first","repo":"r","goal":"last"}');
    expect(lastInput()).toMatchObject({ goal: 'last' });
    expect((await raw(server.port, '/jobs?limit=1&limit=2')).status).toBe(422);
  });

  it.each([
    ['GET', '/nowhere', 404],
    ['POST', '/nowhere', 404],
    ['DELETE', '/jobs', 405],
    ['GET', '/jobs/x/approve', 405],
    ['PATCH', '/settings', 405],
    ['POST', '/jobs/x/events', 405],
  ])('%s %s is a %i', async (method, path, status) => {
    const answer = await raw(server.port, path, { method });
    expect([answer.status, answer.json]).toEqual([
      status,
      { detail: status === 404 ? 'Not Found' : 'Method Not Allowed' },
    ]);
    if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z, ]+$/);
  });

  it.each(['/jobs/%', '/jobs/%ff', '/%zz'])('is a 400 when its path is %s', async (path) => {
    const answer = await raw(server.port, path);
    expect([answer.status, Object.keys(answer.json as object)]).toEqual([400, ['detail']]);
  });

  it('is a 422 when the id is empty of sense or too long', async () => {
    const answer = await raw(server.port, `/jobs/${'x'.repeat(101)}`);
    expect(answer.json).toMatchObject({ detail: [{ loc: ['path', 'job_id'] }] });
  });

  it('is a 400 when it is no HTTP, and the next one is served', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 .*\{"detail":"Malformed HTTP request"\}$/s);
    expect((await raw(server.port, '/jobs')).status).toBe(200);
  });

  it('is a 500 with an id and no stack when a handler has a defect', async () => {
    server.behave(() => {
      throw new Error('wires crossed');
    });
    const answer = await raw(server.port, '/jobs');
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('correlation-1');
    expect(answer.text).not.toContain('wires');
  });
});

describe('an answer', () => {
  it('is JSON that is not kept, guessed at, framed or run', async () => {
    const { headers } = await raw(server.port, '/jobs');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('is given up when the client goes away', async () => {
    const reached = Promise.withResolvers<AbortSignal>();
    server.behave(({ signal }) => {
      reached.resolve(signal);
      return new Promise(() => {});
    });
    const gone = new AbortController();
    const answer = fetch(`${server.url}/jobs/x/diff`, { headers: bearer, signal: gone.signal }).catch(
      () => 'gone',
    );
    const signal = await reached.promise;
    const aborted = once(signal, 'abort');
    gone.abort();
    await aborted;
    expect(await answer).toBe('gone');
  });
});

describe('listening', () => {
  it('says what to do when the port is taken', async () => {
    const { createHttpServer } = await import('../../../src/main/api/http/server.ts');
    const second = await createHttpServer({ ...server, version: '0', token: null, webRoot: null });
    const result = await second.listen({ host: '127.0.0.1', port: server.port });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'unavailable',
        message: expect.stringMatching(`Port ${server.port} is taken.*--port`) as string,
      },
    });
    await second.close();
  });

  it('says so when the host is none of this machine', async () => {
    const { createHttpServer } = await import('../../../src/main/api/http/server.ts');
    const lost = await createHttpServer({ ...server, version: '0', token: null, webRoot: null });
    const result = await lost.listen({ host: '203.0.113.1', port: 0 });
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('--host') as string },
    });
    await lost.close();
  });
});

import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { networkError } from '../../../src/main/infra/llm/http-errors.ts';
import { createHttpFetch, type HttpFetchOptions } from '../../../src/main/infra/llm/http-fetch.ts';
import { webFetchOf } from '../../../src/main/infra/llm/web-fetch.ts';
import { startHttpProxy, type HttpProxy } from '../../support/http-proxy.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { never } from './fixtures.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const hello: RequestListener = (_request, response) => {
  response.end('hello');
};

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

const listenHttp = (listener: RequestListener = hello, host?: string): Promise<number> =>
  listen(createServer(listener), host);

async function proxy(refuseWith?: number): Promise<HttpProxy> {
  const started = await startHttpProxy(refuseWith);
  closing.push(() => started.close());
  return started;
}

const get = async (url: string, options: HttpFetchOptions = {}): Promise<string> => {
  const answer = await createHttpFetch(options)(url, { method: 'GET', headers: {}, signal: never() });
  return `${answer.status} ${await answer.text()}`;
};
const proxies = (change: Partial<NonNullable<HttpFetchOptions['proxies']>>): HttpFetchOptions => ({
  proxies: { httpProxy: '', httpsProxy: '', noProxy: '', ...change },
});

describe('calls through a proxy', () => {
  it('open a tunnel for https', async () => {
    const { cert, key } = selfSigned('api.provider.test');
    setDefaultCACertificates([...getCACertificates('default'), cert]);
    const port = await listen(createTlsServer({ cert, key }, hello));
    const { url, seen, credentials } = await proxy();
    const httpsProxy = url.replace('http://', 'http://me:p%40ss@');
    expect(await get(`https://api.provider.test:${port}/v1`, proxies({ httpsProxy }))).toBe('200 hello');
    expect(seen).toEqual([`CONNECT api.provider.test:${port}`]);
    expect(credentials).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  });

  it('hand on http, and stream it', async () => {
    let finish = (): void => undefined;
    const port = await listenHttp((_request, response) => {
      response.write('first ');
      finish = () => response.end('second');
    });
    const { url, seen } = await proxy();
    const fetch = createHttpFetch(proxies({ httpProxy: url }));
    const init = { method: 'GET', headers: {}, signal: never() };
    const answer = await fetch(`http://lan.test:${port}/api`, init);
    let text = '';
    for await (const bytes of answer.body ?? []) {
      text += new TextDecoder().decode(bytes);
      finish();
    }
    expect(text).toBe('first second');
    expect(seen).toEqual([`GET http://lan.test:${port}/api`]);
  });

  it.each(['a.test', '.a.test', 'x.test, sub.a.test', '*', 'sub.a.test:PORT'])(
    'are not made for a host in NO_PROXY "%s"',
    async (text) => {
      const port = await listenHttp();
      const { url, seen } = await proxy();
      const noProxy = text.replace('PORT', String(port));
      const options = { ...proxies({ httpProxy: url, noProxy }), lookup: toLoopback };
      expect(await get(`http://sub.a.test:${port}/`, options)).toBe('200 hello');
      expect(seen).toEqual([]);
    },
  );

  it('are made for a host that NO_PROXY only resembles', async () => {
    const port = await listenHttp();
    const { url, seen } = await proxy();
    const options = proxies({ httpProxy: url, noProxy: 'a.test,b.other.test' });
    expect(await get(`http://ba.test:${port}/`, options)).toBe('200 hello');
    expect(seen).toHaveLength(1);
  });

  it.each(['127.0.0.1', 'localhost'])('are never made to this machine (%s)', async (host) => {
    const port = await listenHttp();
    const { url, seen } = await proxy();
    expect(await get(`http://${host}:${port}/`, proxies({ httpProxy: url }))).toBe('200 hello');
    expect(seen).toEqual([]);
  });

  it('look nowhere else for proxies than where they were given', async () => {
    const port = await listenHttp();
    const { url, seen } = await proxy();
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: url, http_proxy: url, NO_PROXY: '' });
    try {
      const options = { ...proxies({ httpsProxy: url }), lookup: toLoopback };
      expect(await get(`http://a.test:${port}/`, options)).toBe('200 hello');
      expect(await get(`http://a.test:${port}/`, { lookup: toLoopback })).toBe('200 hello');
    } finally {
      process.env = before;
    }
    expect(seen).toEqual([]);
  });
});

describe('a proxy that does not work', () => {
  const messageOf = async (url: string, options: HttpFetchOptions): Promise<string> => {
    const thrown: unknown = await get(url, options).then(
      (text) => expect.fail(text),
      (error: unknown) => error,
    );
    return networkError(thrown, 'Server', 'Try again.').message;
  };

  it.each([
    ['https', 407, 'the proxy wants a user name and a password'],
    ['http', 407, 'the proxy wants a user name and a password'],
    ['https', 403, 'the proxy of the environment refused the connection (403)'],
  ])('says for %s what a %i means, without its password', async (scheme, status, words) => {
    const { url } = await proxy(status);
    const address = url.replace('http://', 'http://me:hidden@');
    const options = proxies({ httpProxy: address, httpsProxy: address });
    const message = await messageOf(`${scheme}://a.test/`, options);
    expect(message).toContain(words);
    expect(message).not.toContain('hidden');
  });

  it('is named when nothing listens there', async () => {
    const { url, close } = await proxy();
    await close();
    expect(await messageOf('https://a.test/', proxies({ httpsProxy: url }))).toBe(
      'Cannot reach Server: nothing listens there, or at the proxy that HTTPS_PROXY or HTTP_PROXY names. Try again.',
    );
  });
});

/** Names that only this test knows. */
const toLoopback: NonNullable<HttpFetchOptions['lookup']> = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

describe.skipIf(!hasIpv6)('this machine by IPv6 alone [needs ::1]', () => {
  it('is reached as [::1]', async () => {
    const port = await listenHttp(hello, '::1');
    expect(await get(`http://[::1]:${port}/`)).toBe('200 hello');
    const { url, seen } = await proxy();
    expect(await get(`http://[::1]:${port}/`, proxies({ httpProxy: url }))).toBe('200 hello');
    expect(seen).toEqual([]);
  });

  it('is reached as localhost, whichever addresses that name has', async () => {
    const port = await listenHttp(hello, '::1');
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    for (const addresses of [both, both.toReversed(), both.slice(1)])
      expect(
        await get(`http://localhost:${port}/`, {
          lookup: (_name, _options, callback) => callback(null, addresses),
        }),
      ).toBe('200 hello');
  });
});

describe('redirects', () => {
  it('are not followed: a key in a header would go along', async () => {
    const asked: IncomingMessage[] = [];
    const other = await listenHttp((request, response) => {
      asked.push(request);
      response.end();
    });
    const port = await listenHttp((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end();
    });
    expect(await get(`http://127.0.0.1:${port}/`)).toBe('307 ');
    expect(asked).toEqual([]);
  });
});

describe('our fetch for SDKs', () => {
  it('sends forms and headers, and gives status, headers and body back', async () => {
    const port = await listenHttp((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { 'content-type': type, 'x-own': own } = request.headers;
        response.writeHead(429, { 'x-limit': '7' }).end(JSON.stringify([request.method, type, own, body]));
      });
    });
    const answer = await webFetchOf(createHttpFetch())(new URL(`http://127.0.0.1:${port}/token`), {
      method: 'POST',
      headers: [['X-Own', 'yes']],
      body: new URLSearchParams({ code: 'a b' }),
    });
    expect([answer.status, answer.headers.get('x-limit')]).toEqual([429, '7']);
    expect(await answer.json()).toEqual([
      'POST',
      'application/x-www-form-urlencoded;charset=UTF-8',
      'yes',
      'code=a+b',
    ]);
  });

  it('gives an answer without a body', async () => {
    const port = await listenHttp((_request, response) => {
      response.writeHead(304, { etag: '"a"' }).end();
    });
    const answer = await webFetchOf(createHttpFetch())(`http://127.0.0.1:${port}/`);
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([304, '"a"', '']);
  });
});

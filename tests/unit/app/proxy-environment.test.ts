import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/main/app/environment.ts';

const read = (env: Record<string, string>) => readEnvironment(env, '/work', '/data');
const none = { httpProxy: '', httpsProxy: '', noProxy: '' };

describe('the proxies of the environment', () => {
  it.each([
    [{}, none],
    [{ HTTPS_PROXY: 'http://p.test:8080' }, { ...none, httpsProxy: 'http://p.test:8080/' }],
    [{ https_proxy: 'https://me:x@p.test' }, { ...none, httpsProxy: 'https://me:x@p.test/' }],
    [
      { http_proxy: 'http://low.test', HTTP_PROXY: 'http://up.test' },
      { ...none, httpProxy: 'http://low.test/' },
    ],
    [{ http_proxy: '', HTTP_PROXY: 'http://up.test' }, none],
    [{ HTTP_PROXY: 'p.test:3128' }, { ...none, httpProxy: 'http://p.test:3128/' }],
    [{ HTTP_PROXY: ' 10.0.0.1:3128 ' }, { ...none, httpProxy: 'http://10.0.0.1:3128/' }],
    [{ NO_PROXY: 'a.test,b.test' }, { ...none, noProxy: 'a.test,b.test' }],
  ])('of %o', (env, proxies) => {
    expect(read(env)).toMatchObject({ ok: true, value: { proxies } });
  });

  it.each([
    ['HTTPS_PROXY', 'socks5://me:hidden@p.test'],
    ['https_proxy', 'http://me:hidden@'],
  ])('that cannot be used are an error at start, without their text: %s=%s', (variable, value) => {
    const result = read({ [variable]: value });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(JSON.stringify(result)).toContain(`${variable}: takes the address of`);
    expect(JSON.stringify(result)).not.toContain('hidden');
  });
});

describe('the version that the Codex backend is told', () => {
  it('may be given', () => {
    expect(read({})).toMatchObject({ value: { codexClientVersion: null } });
    expect(read({ DEV_CREW_CODEX_CLIENT_VERSION: '0.170.1' })).toMatchObject({
      value: { codexClientVersion: '0.170.1' },
    });
    expect(read({ DEV_CREW_CODEX_CLIENT_VERSION: 'newest' })).toMatchObject({
      error: { message: 'DEV_CREW_CODEX_CLIENT_VERSION: takes a version such as 1.2.3' },
    });
  });
});

describe('the addresses of the providers', () => {
  it('may be others than their own', () => {
    expect(read({})).toMatchObject({ value: { endpoints: {} } });
    expect(
      read({
        DEV_CREW_OPENAI_CODEX_BASE_URL: 'http://127.0.0.1:1/codex',
        DEV_CREW_CHATGPT_BASE_URL: '',
        DEV_CREW_OLLAMA_BASE_URL: 'http://127.0.0.1:2',
      }),
    ).toMatchObject({ value: { endpoints: { 'openai-codex': 'http://127.0.0.1:1/codex' } } });
    const refused = read({ DEV_CREW_GOOGLE_ANTIGRAVITY_BASE_URL: 'me:hidden@host' });
    expect(refused).toMatchObject({ ok: false });
    expect(JSON.stringify(refused)).toContain('DEV_CREW_GOOGLE_ANTIGRAVITY_BASE_URL: takes');
    expect(JSON.stringify(refused)).not.toContain('hidden');
  });
});

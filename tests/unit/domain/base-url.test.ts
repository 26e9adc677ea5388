import { describe, expect, it } from 'vitest';
import { isLoopbackHost, parseBaseUrl } from '../../../src/main/domain/base-url.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the address of a server', () => {
  it.each([
    ['http://127.0.0.1:11434', 'http://127.0.0.1:11434'],
    ['http://127.0.0.1:11434/', 'http://127.0.0.1:11434'],
    [' https://host.test/v1/ ', 'https://host.test/v1'],
    ['https://host.test/a//', 'https://host.test/a'],
    ['HTTPS://Host.TEST:443/V1', 'https://host.test/V1'],
    ['http://[::1]:8080/v1/', 'http://[::1]:8080/v1'],
  ])('%s is %s', (text, url) => {
    expect(parseBaseUrl(text)).toEqual({ url, authorization: null, warnings: [] });
  });

  it.each([
    '',
    'host.test',
    'host:11434',
    'ftp://host.test',
    'file:///etc/passwd',
    'http://',
    'javascript:1',
  ])('"%s" is none', (text) => expect(parseBaseUrl(text)).toBeNull());

  it.each([
    ['https://me:secret@host.test/v1/', basic('me:secret')],
    ['https://me:p%40ss%3A@host.test/v1', basic('me:p@ss:')],
    ['https://me@host.test/v1', basic('me:')],
    ['https://:key@host.test/v1', basic(':key')],
    ['https://m%C3%BCller:%EC%84%B8@host.test/v1', basic('müller:세')],
    ['https://me:100%@host.test/v1', basic('me:100%')],
  ])('%s has its credentials apart', (text, authorization) => {
    expect(parseBaseUrl(text)).toEqual({ url: 'https://host.test/v1', authorization, warnings: [] });
  });

  it.each(['http://me:secret@ollama.lan:11434', 'http://192.168.1.2:11434', 'http://127.0.0.1.evil.test'])(
    'warns of %s, which others can read along',
    (text) => expect(parseBaseUrl(text)?.warnings).toEqual(['not_encrypted']),
  );

  it('leaves a query out and says so', () => {
    expect(parseBaseUrl('https://host.test/v1?key=secret#x')).toEqual({
      url: 'https://host.test/v1',
      authorization: null,
      warnings: ['query_left_out'],
    });
  });
});

describe('this machine', () => {
  it.each([
    'localhost',
    'LOCALHOST.',
    'app.localhost',
    '127.0.0.1',
    '127.1.2.3',
    '[::1]',
    '::1',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    '0.0.0.0',
  ])('is %s', (host) => expect(isLoopbackHost(host)).toBe(true));

  it.each(['128.0.0.1', '127.0.0.1.evil.test', 'localhost.evil.test', '10.0.0.1', '::2', '[fe80::1]', ''])(
    'is not %s',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );
});

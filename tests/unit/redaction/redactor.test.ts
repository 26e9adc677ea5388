import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';

const redactor = createRedactor();
/** Put together at run time, so that no scanner takes this file for a leak. */
const join = (...parts: string[]): string => parts.join('');

const removed: [name: string, text: string, secret: string][] = [
  ['e-mail', 'mail jane.doe+x@corp.co.kr now', 'jane.doe'],
  ['noreply e-mail', 'by 123+jane@users.noreply.github.com', 'jane'],
  ['example e-mail', 'alice@example.com', 'alice@example.com'],
  ['e-mail in a mailto link', '<a href="mailto:kim@naver.com">', 'kim@naver.com'],
  ['e-mail in JSON', '{"email":"kim@naver.com"}', 'kim@naver.com'],
  ['git author', 'Author: Kim <kim@naver.com>', 'kim@naver.com'],
  ['E.164', 'call +14155552671 now', '4155552671'],
  ['E.164 Korea', '+821012345678', '1012345678'],
  ['international with spaces', 'tel +44 20 7946 0958.', '7946'],
  ['international with dashes', '+82-10-1234-5678', '1234-5678'],
  ['international with parentheses', '+1 (415) 555-2671', '555-2671'],
  ['US', 'Phone: (415) 555-2671', '555-2671'],
  ['US dashes', 'phone=415-555-2671', '555-2671'],
  ['US toll free', '1-800-555-2671', '555-2671'],
  ['Korean mobile', '전화 010-1234-5678입니다', '1234-5678'],
  ['Korean mobile plain', 'tel:01012345678', '12345678'],
  ['Korean landline', '02-123-4567', '123-4567'],
  ['Korean area code', '(031) 123-4567', '123-4567'],
  ['authorization header', 'Authorization: Bearer abc123def456ghi', 'abc123def456ghi'],
  ['basic authorization', 'authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['authorization in JSON', '{"Authorization":"Bearer s3cr3t-value"}', 's3cr3t-value'],
  ['authorization in curl', `curl -H 'Authorization: token deadbeef1234'`, 'deadbeef1234'],
  ['bearer alone', 'sent Bearer mF_9.B5f-4.1JqM', 'mF_9.B5f-4.1JqM'],
  [
    'jwt',
    join('x eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N'),
    'eyJzdWIi',
  ],
  ['unsigned jwt', join('eyJhbGciOiJub25lIn0', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.'), 'eyJzdWIi'],
  ['GitHub token', join('gh', 'p_', 'a1B2'.repeat(9)), 'a1B2a1B2'],
  [
    'GitHub token after a disabling comment',
    join('secretlint-disable gh', 'p_', 'a1B2'.repeat(9)),
    'a1B2a1B2',
  ],
  ['fine-grained GitHub token', join('github', '_pat_', 'a1B2c3'.repeat(13), 'abcd'), 'a1B2c3a1B2c3'],
  ['AWS key id', join('AK', 'IAIOSFODNN7QXAMPLE'), 'IOSFODNN7'],
  [
    'AWS secret, to its end',
    join('aws_secret_access_key = ', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEZ'),
    'zzzKEZ',
  ],
  ['Anthropic key', join('sk-', 'ant-api03-', 'aB3'.repeat(31), 'AA'), 'aB3aB3'],
  ['OpenAI key', join('sk-', 'a1B2c'.repeat(4), 'T3Blbk', 'FJ', 'a1B2c'.repeat(4)), 'a1B2ca1B2c'],
  ['Stripe key', join('sk', '_live_', 'a1'.repeat(15)), 'a1a1a1'],
  ['Slack token', join('xo', 'xb-123456789012-1234567890123-abcdefABCDEF'), 'abcdefABCDEF'],
  ['GitLab token', join('gl', 'pat-', 'a1B2'.repeat(5)), 'a1B2a1B2'],
  ['npm token', join('np', 'm_', 'a1B2'.repeat(9)), 'a1B2a1B2'],
  ['npmrc', '//packages.example.com/:_authToken=abcd-efgh-ijkl', 'abcd-efgh'],
  ['password in a URL', 'https://jane:hunter22@git.corp.io/x.git', 'hunter22'],
  ['password in a database URL', 'postgres://app:s3cr3t!pw@db:5432/app', 's3cr3t!pw'],
  ['password in a redis URL', 'redis://:hunter22@cache:6379', 'hunter22'],
  [
    'private key',
    join('-----BEGIN RSA PRIV', 'ATE KEY-----\nMIIEpAIBAAKCAQEA75\nabc=\n-----END RSA PRIV', 'ATE KEY-----'),
    'MIIEpAIB',
  ],
  [
    'private key in JSON',
    join('{"k":"-----BEGIN PRIV', 'ATE KEY-----\\nMIIEvQIBADANBgkq\\n-----END PRIV', 'ATE KEY-----\\n"}'),
    'MIIEvQIB',
  ],
  [
    'private key without its end',
    join('-----BEGIN OPENSSH PRIV', 'ATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nBG5vbmUAAAAEbm9uZQ'),
    'b3BlbnNza',
  ],
];

const kept = [
  '',
  'ok',
  'npm test',
  'v1.2.3-beta.4+build.5',
  '2026-11-22T17:27:22.842Z',
  '2026-11-22 17:27:22,842 INFO',
  '1700000000000',
  '1700000000.123456',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  '23a8f79c0b1e4f2aa9d0c1b2e3f4a5b6c7d8e9f0',
  '192.168.100.200:8080',
  '10.0.0.1 255.255.255.0 2001:db8::8a2e:370:7334',
  'src/main/app.ts:123:4567',
  'Tests  128 passed (128)\nDuration  1234.567ms (transform 415ms, setup 0ms)',
  '@@ -123,4567 +123,4570 @@ function x()',
  '+1700000000\n-1700000001\n+1700000000123',
  '+100 200 300 400',
  '+0900 and +09:00 and -0500',
  'git@github.com:owner/repo.git',
  'ssh://git@github.com/owner/repo',
  'npm install @types/node@24.19.2 react@latest vite@8.3.8',
  '@Component() class A { @Input() b = c@d }',
  'https://example.com/a?b=1&c=2#d',
  'http://127.0.0.1:11434/api/chat',
  'redis://cache:6379/0',
  'https://user:${PASSWORD}@host/x and https://user:<password>@host',
  'Authorization: Bearer $TOKEN',
  'Authorization: Bearer <token>',
  'headers.authorization = `Bearer ${token}`',
  'the bearer of this letter, a bearer authentication scheme',
  'authorization: required',
  '//packages.example.com/:_authToken=${NPM_TOKEN}',
  'const key = process.env.API_KEY; // see README',
  '12345678901234567890 0x1f4a9c 1e-10 3.14159265358979',
  '123-45-6789 12-34-5678 2026-11-22 20261122',
  '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n-----END CERTIFICATE-----',
  '총 128개 테스트 통과 — 3.2초',
  'sha256:060523a26134ed7cd646c13d772d351dd4749f07a53755a41e47fe4b367ec9bc',
  'crew/1a2b3c4d refs/dev-crew/6ba7b810/12',
];

describe('redactor', () => {
  it.each(removed)('removes %s', async (_name, text, secret) => {
    const result = await redactor.text(text);
    expect(result).not.toContain(secret);
    expect(result).toMatch(/\[redacted:[a-z0-9-]+\]/);
    expect(await redactor.text(result)).toBe(result);
  });

  it.each(kept)('leaves %j alone', async (text) => {
    expect(await redactor.text(text)).toBe(text);
    expect(await redactor.value({ a: [text] })).toEqual({ a: [text] });
  });

  it('leaves what stands around a secret', async () => {
    expect(await redactor.text('from a.b@c.io to +14155552671!')).toBe(
      'from [redacted:email] to [redacted:phone]!',
    );
    expect(await redactor.text('https://jane:hunter22@git.corp.io/x.git')).toContain('@git.corp.io/x.git');
  });

  it('removes literals in any text, also in those seen before', async () => {
    const own = createRedactor();
    const text = 'token 0f-our-own-token-0f here';
    expect(await own.text(text)).toBe(text);
    own.addLiteral('0f-our-own-token-0f');
    expect(await own.text(text)).toBe('token [redacted:token] here');
    expect(await own.value(['?token=0f-our-own-token-0f'])).toEqual(['?token=[redacted:token]']);
  });

  it('ignores a literal so short that it would blank ordinary words', async () => {
    const own = createRedactor();
    own.addLiteral('');
    own.addLiteral('the');
    expect(await own.text('the end')).toBe('the end');
  });

  it('redacts every string of a value and keeps keys, shape and other values', async () => {
    const at = new Date(0);
    const value = {
      'a@b.io': 1,
      list: ['x@y.io', 2, null, { deep: 'call +14155552671' }],
      at,
      none: undefined,
    };
    expect(await redactor.value(value)).toEqual({
      'a@b.io': 1,
      list: ['[redacted:email]', 2, null, { deep: 'call [redacted:phone]' }],
      at,
      none: undefined,
    });
    expect(value.list[0]).toBe('x@y.io');
  });

  it('judges the strings of a value each by itself', async () => {
    const value = {
      begin: join('-----BEGIN PRIV', 'ATE KEY-----'),
      middle: 'kept',
      end: join('-----END PRIV', 'ATE KEY-----'),
    };
    expect((await redactor.value(value)).middle).toBe('kept');
  });

  it('returns the very same value when there is nothing in it', async () => {
    const value = { a: ['b', { c: 'd' }] };
    expect(await redactor.value(value)).toBe(value);
  });

  it('does not let a key named __proto__ through as a prototype', async () => {
    const value: unknown = JSON.parse('{"__proto__":{"x":"a@b.io"}}');
    const result = (await redactor.value(value)) as Record<string, unknown>;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"x":"[redacted:email]"}}');
  });
});

const hex = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789abcdef')),
  minLength: 24,
  maxLength: 24,
});
const alnum = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from('abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNP23456789')),
    minLength: length,
    maxLength: length,
  });
const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('23456789')), minLength: length, maxLength: length });

/** A secret in the form it takes in a text, and the part that must not be seen again. */
const planted = fc.oneof(
  alnum(36).map((s) => ({ text: join('gh', 'p_', s), secret: s })),
  alnum(36).map((s) => ({ text: join('np', 'm_', s), secret: s })),
  alnum(20).map((s) => ({ text: join('gl', 'pat-', s), secret: s })),
  alnum(30).map((s) => ({ text: join('sk', '_live_', s), secret: s })),
  alnum(24).map((s) => ({ text: `Authorization: Bearer ${s}`, secret: s })),
  alnum(40).map((s) => ({ text: join('eyJhbGciOiJIUzI1NiJ9.', s, '.', s), secret: s })),
  alnum(12).map((s) => ({ text: `${s}@mail.corp.io`, secret: s })),
  alnum(16).map((s) => ({ text: `postgres://app:${s}@db.internal:5432/app`, secret: s })),
  digits(4).map((s) => ({ text: `010-2345-${s}`, secret: `2345-${s}` })),
  digits(7).map((s) => ({ text: `+1415${s}`, secret: s })),
  alnum(64).map((s) => ({
    text: join('-----BEGIN PRIV', 'ATE KEY-----\n', s, '\n-----END PRIV', 'ATE KEY-----'),
    secret: s,
  })),
);
const surroundings = fc.constantFrom(
  ' ',
  '\n',
  '"',
  "'",
  ', ',
  '\t',
  ' (',
  ') ',
  ' = ',
  '\n\n- ',
  ' 한글 ',
  '`',
  '<',
  '> ',
);
const ordinary = fc.constantFrom(
  'the quick brown fox',
  'const x = 1;',
  '2026-11-22T17:27:22.842Z',
  'src/main/index.ts:12:34',
  'PASS (128 tests)',
  '한국어 문장입니다',
  'v1.2.3',
  '10.0.0.1:8080',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
);

describe('redactor, properties', () => {
  it('never lets a planted secret through, whatever stands around it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(ordinary, surroundings, planted, surroundings), { minLength: 1, maxLength: 6 }),
        async (pieces) => {
          const text = pieces
            .map(([before, left, { text: it_ }, right]) => `${before}${left}${it_}${right}`)
            .join('');
          const result = await redactor.text(text);
          for (const [, , { secret }] of pieces) expect(result).not.toContain(secret);
          expect(await redactor.text(result)).toBe(result);
          expect(await redactor.value([text])).toEqual([result]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('leaves ordinary text unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(ordinary, surroundings), { maxLength: 20 }),
        hex,
        async (pieces, id) => {
          const text = `${pieces.flat().join('')} ${id}`;
          expect(await redactor.text(text)).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is idempotent on any text', async () => {
    const unit = fc.constantFrom(
      ...Array.from('a1@.+-/: \n"eyJ_xo=[]()'),
      'redacted:',
      'Bearer ',
      '010-1234-5678',
      'a@b.io',
      '://',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 80 }), async (text) => {
        const once = await redactor.text(text);
        expect(await redactor.text(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

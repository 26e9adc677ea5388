import { describe, expect, it } from 'vitest';
import { isDue, isUsable, mayRefresh } from '../../../src/main/domain/token-times.ts';
import type { OAuthTokens } from '../../../src/main/app/ports/oauth.ts';
import { resolveEndpoints } from '../../../src/main/infra/oauth/endpoints.ts';
import { claimsOf, textAt } from '../../../src/main/infra/oauth/jwt.ts';
import { errorBodyOf, refreshFailure } from '../../../src/main/infra/oauth/oauth-errors.ts';
import { openaiIdentity } from '../../../src/main/infra/oauth/openai-claims.ts';
import { tokensOf } from '../../../src/main/infra/oauth/token-answer.ts';

const nowMs = 1_000_000_000_000;
const jwt = (claims: unknown): string =>
  ['{}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
const answer = (json: unknown, skewMs = 0) => ({ status: 200, json, skewMs });
const old: OAuthTokens = {
  accessToken: 'a0',
  refreshToken: 'r0',
  idToken: 'i0',
  issuedAtMs: 0,
  expiresAtMs: 7,
  earliestRefreshAtMs: null,
  scope: 's0',
};

describe('tokens out of an answer', () => {
  it('keep what a refresh leaves out', () => {
    expect(tokensOf(answer({ access_token: 'a1', expires_in: 3600 }), old, nowMs)).toEqual({
      ...old,
      accessToken: 'a1',
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + 3_600_000,
    });
    expect(tokensOf(answer({ refresh_token: 'r1' }), old, nowMs)).toMatchObject({
      accessToken: 'a0',
      refreshToken: 'r1',
      expiresAtMs: 7,
    });
  });

  it.each([null, 'text', [], {}, { access_token: '' }, { access_token: 5 }])('are not in %j', (json) => {
    expect(tokensOf(answer(json), null, nowMs)).toBeNull();
  });

  const expiry = (json: object, skewMs = 0) => tokensOf(answer(json, skewMs), null, nowMs)?.expiresAtMs;
  it('end after expires_in, else with the token’s own lifetime, whatever our clock says', () => {
    expect(expiry({ access_token: 'a', expires_in: '60' })).toBe(nowMs + 60_000);
    expect(expiry({ access_token: 'opaque' })).toBeNull();
    expect(expiry({ access_token: 'opaque', expires_in: 'soon' })).toBeNull();
    const seconds = nowMs / 1000;
    expect(expiry({ access_token: jwt({ iat: seconds + 3600, exp: seconds + 7200 }) })).toBe(
      nowMs + 3_600_000,
    );
    expect(expiry({ access_token: jwt({ exp: seconds + 7200 }) }, 3_600_000)).toBe(nowMs + 3_600_000);
    expect(expiry({ access_token: jwt({ exp: 'never' }) })).toBeNull();
  });

  it.each([
    [1_000_000_100, nowMs + 100_000],
    ['1000000100', nowMs + 100_000],
    [nowMs + 100_000, nowMs + 100_000],
    [new Date(nowMs + 100_000).toISOString(), nowMs + 100_000],
    ['soon', null],
    [null, null],
  ])('say when a refresh is taken: %s', (value, expected) => {
    const tokens = tokensOf(answer({ access_token: 'a', earliest_refresh_at: value }), null, nowMs);
    expect(tokens?.earliestRefreshAtMs).toBe(expected);
  });
});

describe('a token', () => {
  const times = (lifeMs: number) => ({ issuedAtMs: 0, expiresAtMs: lifeMs, earliestRefreshAtMs: null });
  it('is due five minutes before its end, or after half of a short life', () => {
    expect([isDue(times(3_600_000), 3_299_999), isDue(times(3_600_000), 3_300_000)]).toEqual([false, true]);
    expect([isDue(times(60_000), 29_999), isDue(times(60_000), 30_000)]).toEqual([false, true]);
    expect(isDue({ ...times(1), expiresAtMs: null }, 1e15)).toBe(false);
    expect([isUsable(times(10), 9), isUsable(times(10), 10)]).toEqual([true, false]);
    expect(mayRefresh({ ...times(1), earliestRefreshAtMs: 5 }, 4)).toBe(false);
  });
});

describe('claims', () => {
  it.each(['', 'x', 'a.b', 'a.b.c', 'a..c', jwt([]), jwt('text'), jwt(null), `${jwt({})}.more`])(
    'of "%s" are none',
    (token) => {
      expect(claimsOf(token)).toEqual({});
    },
  );

  it('are read wherever they stand, and only texts', () => {
    const auth = { chatgpt_account_id: 'acc', chatgpt_plan_type: 5 };
    const identity = openaiIdentity(
      {
        ...old,
        idToken: jwt({ 'https://api.openai.com/auth': auth }),
        accessToken: jwt({ email: 'a@b.example' }),
      },
      null,
    );
    expect(identity).toEqual({ email: 'a@b.example', plan: null, facts: { chatgpt_account_id: 'acc' } });
    const rooted = openaiIdentity({ ...old, idToken: jwt({ organizations: [{ id: 'org' }] }) }, identity);
    expect(rooted).toMatchObject({ email: 'a@b.example', facts: { chatgpt_account_id: 'org' } });
    expect(textAt({ __proto__: { a: 'b' } }, 'a')).toBeNull();
  });
});

describe('errors of a token endpoint', () => {
  it.each([
    [{ error: 'invalid_grant', error_description: 'd' }, 'invalid_grant', 'd'],
    [{ error: { code: 'c', message: 'm' } }, 'c', 'm'],
    [{ code: 'c' }, 'c', ''],
    ['html', '', ''],
    [null, '', ''],
    [[1], '', ''],
  ])('%j', (json, code, description) => {
    expect(errorBodyOf(json)).toEqual({ code, description });
  });

  it('are for good only where the provider says so', () => {
    const kind = (status: number, json: unknown) => refreshFailure({ status, json, skewMs: 0 }, 'h').kind;
    expect(kind(401, null)).toBe('denied');
    expect(kind(400, { error: 'invalid_grant' })).toBe('denied');
    expect(kind(400, { error: 'temporarily_unavailable' })).toBe('transient');
    expect(kind(429, {})).toBe('transient');
    expect(kind(500, null)).toBe('transient');
  });
});

describe('endpoints', () => {
  it('of a provider that was replaced are all of the one in its place', () => {
    const endpoints = resolveEndpoints('google-antigravity', { tokenUrl: 'http://127.0.0.1:4000/token' });
    expect(endpoints).toMatchObject({
      revokeUrl: 'http://127.0.0.1:4000/revoke',
      userinfoUrl: 'http://127.0.0.1:4000/oauth2/v1/userinfo?alt=json',
      projectUrl: 'http://127.0.0.1:4000',
    });
    expect(resolveEndpoints('chatgpt', { tokenUrl: 'http://127.0.0.1:4000/t' }).issuer).toBe(
      'http://127.0.0.1:4000',
    );
  });
});

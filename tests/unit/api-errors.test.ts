import { describe, expect, it } from 'vitest';
import { durationMs } from '../../src/main/infra/llm/api-failure.ts';
import { hideSecrets } from '../../src/main/infra/llm/hide-secrets.ts';
import { anthropic, errorOf, google, nowMs, openAI, retryIn } from '../support/api-error-bodies.ts';

describe('errors of the providers', () => {
  it.each([
    [{ 'retry-after': '3' }, '', 3000],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, '', 250],
    [{}, 'Please try again in 1.2s.', 1200],
    [{}, 'Please try again in 20ms.', 20],
    [{}, 'slow down', null],
  ])('a pace of %j and "%s" is %j ms', (headers, message, retryAfterMs) => {
    const error = errorOf(429, openAI('requests', 'rate_limit_exceeded', message), headers);
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });

  it('takes Google’s delay, and a delay of hours for what it is', () => {
    const slow = (delay: string) => errorOf(429, google(429, 'RESOURCE_EXHAUSTED', 'slow', retryIn(delay)));
    expect(slow('3.95s')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3950 });
    expect(slow('3600s')).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: nowMs + 3_600_000 });
    expect(errorOf(429, openAI('tokens', null, ''), { 'retry-after': '7200' })).toMatchObject({
      kind: 'quota_exhausted',
      resetsAtMs: nowMs + 7_200_000,
    });
  });

  it('takes OpenRouter’s reset of a day', () => {
    const metadata = { headers: { 'X-RateLimit-Reset': String(nowMs + 3_600_000) } };
    const error = { code: 429, message: 'Rate limit exceeded: free-models-per-day', metadata };
    expect(errorOf(429, { error })).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: nowMs + 3_600_000 });
  });

  it('keeps the wait that an overloaded service asks for', () => {
    expect(errorOf(529, anthropic('overloaded_error', 'Overloaded'), { 'retry-after': '9' })).toMatchObject({
      kind: 'overloaded',
      retryAfterMs: 9000,
    });
  });

  it('knows no reset of a quota without one', () => {
    expect(errorOf(402, {})).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: null });
  });

  it('tells what to do', () => {
    expect(errorOf(401, {}).message).toContain('Accounts page');
    expect(errorOf(400, { message: 'tool choice requires --enable-auto-tool-choice' }).message).toContain(
      'Start vLLM with',
    );
    expect(errorOf(400, '<html>').message).toBe('Test refused the request (400): status 400.');
  });

  it('has no secret in its message, whole or cut, also where it comes escaped', () => {
    const key = 'sk-proj-a"b/c+d=0123456789';
    const echo = `${'x'.repeat(285)} ${key} ${encodeURIComponent(key)}`;
    const { message } = errorOf(401, openAI('x', 'invalid_api_key', echo), {}, [key]);
    expect(message).not.toContain('sk-proj');
    expect(message).not.toContain('0123456789');
    expect(hideSecrets('short ab', ['ab'])).toBe('short ab');
  });
});

describe('a time in words', () => {
  it.each([
    ['1.2s', 1200],
    ['20ms', 20],
    ['6m0s', 360_000],
    ['1h2m', 3_720_000],
    ['soon', null],
    ['', null],
  ])('"%s" is %j ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

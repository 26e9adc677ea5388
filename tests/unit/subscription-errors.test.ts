import { describe, expect, it } from 'vitest';
import type { ModelError } from '../../src/main/domain/model-messages.ts';
import { readApiFailure } from '../../src/main/infra/llm/api-failure.ts';
import type { ApiFailed } from '../../src/main/infra/llm/stream-failure.ts';
import { chatgptError, codeAssistError, codexError } from '../../src/main/infra/llm/subscription-errors.ts';

const nowMs = 1_700_000_000_000;

type ErrorOf = (failed: ApiFailed) => ModelError;
const errorFrom =
  (errorOf: ErrorOf, name: string) =>
  (status: number | null, json: unknown, given: Record<string, string> = {}): ModelError => {
    const headers = new Headers(given);
    const failure = readApiFailure({ json, status, headers, secrets: [], nowMs });
    return errorOf({ failure, json, headers, who: { name, model: 'm-1' }, nowMs });
  };

describe('errors of the Codex backend', () => {
  const of = errorFrom(codexError, 'Codex');

  it.each([
    ['resets_at', { type: 'usage_limit_reached', message: 'x', plan_type: 'plus', resets_at: 1_700_003_600 }],
    ['resets_in_seconds', { type: 'usage_limit_reached', message: 'x', resets_in_seconds: 3600 }],
    ['usage_not_included', { type: 'usage_not_included', message: 'x', resets_at: 1_700_003_600 }],
  ])('say by %s until when nothing is left', (_how, error) => {
    expect(of(429, { error })).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: nowMs + 3_600_000 });
  });

  it('take the time from the windows of the answer where the body has none', () => {
    const headers = {
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': '1700003600',
      'x-codex-secondary-used-percent': '30',
      'x-codex-secondary-reset-at': '1700400000',
    };
    const error = { type: 'usage_limit_reached', message: 'x' };
    expect(of(429, { error }, headers)).toMatchObject({
      kind: 'quota_exhausted',
      resetsAtMs: nowMs + 3_600_000,
    });
  });

  it.each<[string, number | null, unknown, Partial<ModelError>]>([
    ['an expired token', 401, { detail: 'Unauthorized' }, { kind: 'auth_expired' }],
    [
      'a token in pieces',
      401,
      { error: { code: 'invalid_api_key', message: 'x' } },
      { kind: 'auth_expired' },
    ],
    [
      'a model that the plan lacks',
      400,
      { detail: "The 'm-1' model is not supported when using Codex with a ChatGPT account." },
      { kind: 'not_entitled' },
    ],
    [
      'an unknown model',
      404,
      { error: { code: 'model_not_found', message: 'x' } },
      { kind: 'model_not_found' },
    ],
    [
      'a client too old',
      400,
      { detail: 'This model requires a newer version of Codex.' },
      { kind: 'unsupported' },
    ],
    [
      'a plan without Codex',
      429,
      { error: { type: 'usage_not_included', message: 'x' } },
      { kind: 'not_entitled' },
    ],
    [
      'a forbidden parameter',
      400,
      { detail: 'Unsupported parameter: max_output_tokens' },
      { kind: 'unsupported' },
    ],
    [
      'a pace that is too fast, in a stream',
      null,
      { error: { code: 'rate_limit_exceeded', message: 'Rate limit reached. Please try again in 1.2s.' } },
      { kind: 'rate_limited', retryAfterMs: 1200 },
    ],
    [
      'a full house, in a stream',
      null,
      { error: { code: 'server_is_overloaded', message: 'x' } },
      { kind: 'overloaded', retryAfterMs: null },
    ],
    [
      'a long conversation, in a stream',
      null,
      { error: { code: 'context_length_exceeded', message: 'x' } },
      { kind: 'context_too_long' },
    ],
    [
      'spent credits, in a stream',
      null,
      { error: { code: 'insufficient_quota', message: 'x' } },
      { kind: 'quota_exhausted', resetsAtMs: null },
    ],
    ['a failure of the server', 500, null, { kind: 'overloaded' }],
  ])('know %s', (_what, status, json, error) => expect(of(status, json)).toMatchObject(error));
});

describe('errors of Sign in with ChatGPT', () => {
  const of = errorFrom(chatgptError, 'ChatGPT');
  const limit = { code: 'subscription_sharing_usage_limit_exceeded', message: 'x' };

  it.each([
    ['at the start', 429, { error: limit }],
    ['in a stream', null, { error: limit }],
    ['in a failed response', null, { id: 'r', error: limit }],
  ])('send to the page of the plan when its limit is reached %s', (_when, status, json) => {
    const error = of(status, json);
    expect(error).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: null });
    expect(error.message).toContain('https://chatgpt.com/settings/usage');
  });

  it('keep the time that the limit ends', () => {
    expect(of(429, { error: limit }, { 'retry-after': '60' })).toMatchObject({ resetsAtMs: nowMs + 60_000 });
  });

  it.each<[string, number | null, unknown, ModelError['kind']]>([
    ['no view of the plan', 503, { error: { code: 'subscription_sharing_usage_unavailable' } }, 'overloaded'],
    ['no view of the user', 503, { error: { code: 'subscription_sharing_user_unavailable' } }, 'overloaded'],
    [
      'the same in a stream',
      null,
      { code: 'subscription_sharing_user_unavailable', message: 'x' },
      'overloaded',
    ],
    [
      'a user who may not',
      403,
      { error: { code: 'subscription_sharing_user_not_eligible' } },
      'not_entitled',
    ],
    ['a token that is refused', 401, { detail: { error_code: 'invalid_token' } }, 'auth_expired'],
    ['any other 401', 401, { error: { message: 'no' } }, 'auth_expired'],
    [
      'a parameter that is refused',
      400,
      { error: { code: 'unsupported_parameter', message: 'x' } },
      'unsupported',
    ],
  ])('know %s', (_what, status, json, kind) => expect(of(status, json)).toMatchObject({ kind }));
});

describe('errors of Code Assist', () => {
  const of = errorFrom(codeAssistError, 'Antigravity');
  const google = (code: number, status: string, message: string, details: unknown[] = []) => ({
    error: { code, status, message, details },
  });
  const info = (reason: string, metadata: Record<string, string> = {}) => ({
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'cloudcode-pa.googleapis.com',
    metadata,
  });
  const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });

  it('wait where a pace was too fast, and not where the wait is long', () => {
    const of429 = (delay: string) =>
      of(429, google(429, 'RESOURCE_EXHAUSTED', 'x', [info('RATE_LIMIT_EXCEEDED'), retry(delay)]));
    expect(of429('3.95s')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3950 });
    expect(of429('300s')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 300_000 });
    expect(of429('301s')).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: nowMs + 301_000 });
  });

  it.each(['QUOTA_EXHAUSTED', 'MODEL_CAPACITY_EXHAUSTED'])('are final for %s', (reason) => {
    const json = google(429, 'RESOURCE_EXHAUSTED', 'x', [info(reason), retry('20s')]);
    expect(of(429, json)).toMatchObject({ kind: 'quota_exhausted', resetsAtMs: nowMs + 20_000 });
    expect(of(503, google(503, 'UNAVAILABLE', 'x', [info(reason)]))).toMatchObject({
      kind: 'quota_exhausted',
      resetsAtMs: null,
    });
  });

  it('take the reset from where the quota names it', () => {
    const at = '2026-11-23T04:00:00Z';
    const json = google(429, 'RESOURCE_EXHAUSTED', 'x', [
      info('QUOTA_EXHAUSTED', { model: 'm-1', quotaResetTimeStamp: at }),
      retry('20s'),
    ]);
    expect(of(429, json)).toMatchObject({ resetsAtMs: Date.parse(at) });
  });

  it('carry the link where an account must be verified, and no other text', () => {
    const link = 'https://accounts.google.com/verify?x=1';
    const of403 = (url: string) =>
      of(
        403,
        google(403, 'PERMISSION_DENIED', 'Verify.', [info('VALIDATION_REQUIRED', { validation_url: url })]),
      );
    expect(of403(link)).toEqual({
      kind: 'not_entitled',
      message: `Google wants this account to be verified first: ${link}`,
    });
    expect(of403('javascript:alert(1)').message).toContain('first: Verify.');
  });

  it('mark a breach of terms, so that the provider is turned off', () => {
    const json = google(403, 'PERMISSION_DENIED', 'Disabled for violation of Terms\nof Service.');
    const error = of(403, json);
    expect(error).toMatchObject({ kind: 'not_entitled', disablesProvider: true });
    expect(error.message).toContain('Gemini API key');
    expect(of(403, google(403, 'PERMISSION_DENIED', 'No.'))).toEqual({
      kind: 'not_entitled',
      message: 'Antigravity does not allow this account to do that: No.',
    });
  });

  it.each<[number, string, ModelError['kind']]>([
    [401, 'UNAUTHENTICATED', 'auth_expired'],
    [404, 'NOT_FOUND', 'bad_response'],
    [500, 'INTERNAL', 'overloaded'],
    [503, 'UNAVAILABLE', 'overloaded'],
  ])('know %i %s', (status, name, kind) => {
    expect(of(status, google(status, name, 'x'))).toMatchObject({ kind });
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startHttpProxy } from '../../support/http-proxy.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import {
  sendEvents,
  sendJson,
  startRecordingServer,
  type RecordingServer,
} from '../../support/recording-server.ts';
import { codeAssistStream, rateLimitsEvent, responsesStream } from './subscription-streams.ts';

/** The whole app on accounts of a token file, with every address of the providers at one server of ours. */
let folder: string;
let server: RecordingServer;
let engine: TestEngine;
let env: Record<string, string>;
/** Answers that replace the usual one, by path. */
let answers: Record<string, ((response: ServerResponse) => void)[]>;

const far = 4_000_000_000_000;
const grant = (accessToken: string, facts: Record<string, string>) => ({
  kind: 'oauth',
  client: { id: 'client-1', secret: null },
  tokens: {
    accessToken,
    refreshToken: 'refresh-1',
    idToken: null,
    issuedAtMs: 0,
    expiresAtMs: far,
    earliestRefreshAtMs: null,
    scope: null,
  },
  identity: { email: 'me@example.test', plan: null, facts },
});

const usual: Record<string, (response: ServerResponse) => void> = {
  '/codex/responses': (response) => sendEvents(response, responsesStream([rateLimitsEvent])),
  '/codex/models': (response) =>
    sendJson(response, 200, { models: [{ slug: 'gpt-5.2-codex', visibility: 'list' }] }),
  '/wham/usage': (response) => sendJson(response, 200, { plan_type: 'plus' }),
  '/v1/responses': (response) => sendEvents(response, responsesStream()),
  '/v1internal:streamGenerateContent': (response) => sendEvents(response, codeAssistStream),
  '/token': (response) => sendJson(response, 200, { access_token: 'token-new', expires_in: 3600 }),
};

const addresses = (url: string) => ({
  DEV_CREW_OPENAI_CODEX_BASE_URL: url,
  DEV_CREW_CHATGPT_BASE_URL: `${url}/v1`,
  DEV_CREW_GOOGLE_ANTIGRAVITY_BASE_URL: url,
  DEV_CREW_OAUTH_OPENAI_CODEX_TOKEN_URL: `${url}/token`,
});

beforeEach(async () => {
  folder = await makeTempFolder();
  answers = {};
  server = await startRecordingServer(({ path }, response) => {
    const at = path.replace(/\?.*/, '');
    const answer = answers[at]?.shift() ?? usual[at];
    if (answer === undefined) sendJson(response, 404, {});
    else answer(response);
  });
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { mode: 0o700 });
  const tokenPath = join(tokens, 'tokens.json');
  const secrets = {
    'account:openai-codex/default': grant('token-codex', { chatgpt_account_id: 'acc-1' }),
    'account:chatgpt/default': grant('token-chatgpt', {}),
    'account:google-antigravity/default': grant('token-google', { project_id: 'project-1' }),
  };
  writeFileSync(tokenPath, JSON.stringify({ format: 'dev-crew-tokens', version: 1, secrets }), {
    mode: 0o600,
  });
  env = {
    DEV_CREW_OAUTH_TOKEN_PATH: tokenPath,
    DEV_CREW_CODEX_CLIENT_VERSION: '9.8.7',
    ...addresses(server.url),
  };
  engine = await startEngine({ dataFolder: join(folder, 'data'), env });
});
afterEach(async () => {
  await engine.stop();
  await server.close();
  await removeTempFolder(folder);
});

const test = (model: string) => engine.call('llm.testModel', { model });
const codexAccount = async () =>
  (await engine.call('accounts.list', {})).accounts.find(({ provider }) => provider === 'openai-codex');
const sent = (path: string) => server.requests.filter((request) => request.path.startsWith(path));

describe('a model of a ChatGPT plan', () => {
  it('is called with the account of the sign-in, and tells how much of the plan is used', async () => {
    const result = await test('openai-codex/gpt-5.2-codex');
    expect(result).toMatchObject({ prompt_tokens: 30, completion_tokens: 12 });
    expect(sent('/codex/responses')[0]?.headers).toMatchObject({
      authorization: 'Bearer token-codex',
      'chatgpt-account-id': 'acc-1',
      version: '9.8.7',
    });
    await expect
      .poll(async () => (await codexAccount())?.quota)
      .toMatchObject({ plan: 'plus', windows: [{ label: '5h', used_percent: 12.5 }] });
  });

  it('is called again with a renewed token when the old one is refused', async () => {
    answers['/codex/responses'] = [(response) => sendJson(response, 401, { detail: 'Unauthorized' })];
    expect(await test('openai-codex/gpt-5.2-codex')).toMatchObject({ completion_tokens: 12 });
    expect(sent('/codex/responses').map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-codex',
      'Bearer token-new',
    ]);
    expect(sent('/token')).toHaveLength(1);
  });

  it('is not called again before the plan’s limit ends', async () => {
    const resets_at = Math.floor(Date.now() / 1000) + 3600;
    answers['/codex/responses'] = [
      (response) =>
        sendJson(response, 429, { error: { type: 'usage_limit_reached', message: 'x', resets_at } }),
    ];
    expect(await test('openai-codex/gpt-5.2-codex')).toMatchObject({ ok: false });
    await expect
      .poll(async () => (await codexAccount())?.blocked_until)
      .toBe(new Date(resets_at * 1000).toISOString());
    expect(await test('openai-codex/gpt-5.2-codex')).toMatchObject({ ok: false });
    expect(sent('/codex/responses')).toHaveLength(1);
  });

  it('is listed', async () => {
    const catalog = await engine.call('llm.refresh', { provider: 'openai-codex' });
    expect(catalog.models).toMatchObject([{ provider: 'openai-codex', model_id: 'gpt-5.2-codex' }]);
    expect(catalog.providers).toMatchObject([{ last_error: null }]);
    // The reading of the plan is kept beside the list, and nobody waits for that.
    await expect
      .poll(async () => (await engine.call('llm.models', { provider: 'openai-codex' })).providers[0]?.usage)
      .toMatchObject({ plan: 'plus' });
  });

  it('is one that live jobs are possible with', async () => {
    const checkOf = async (model: string) => {
      await engine.call('settings.update', { values: { model } });
      const { checks } = await engine.call('system.doctor', {});
      return checks.find(({ name }) => name === 'model');
    };
    expect(await checkOf('openai-codex/gpt-5.2-codex')).toMatchObject({ ok: true, advice: '' });
    expect(await checkOf('gpt-5.2-codex')).toMatchObject({ ok: true });
    expect(await checkOf('openai-codex/other')).toMatchObject({
      ok: false,
      advice: expect.stringContaining('no model other') as unknown,
    });
    expect(await checkOf('anthropic/claude')).toMatchObject({
      ok: false,
      advice: expect.stringContaining('no account') as unknown,
    });
  });

  it('is called by OpenAI’s documented way too', async () => {
    expect(await test('chatgpt/gpt-5.2')).toMatchObject({ completion_tokens: 12 });
    expect(sent('/v1/responses')[0]?.headers.authorization).toBe('Bearer token-chatgpt');
  });
});

describe('a model of Antigravity', () => {
  const consent = () => engine.call('settings.update', { values: { antigravity_consent: true } });

  it('is not called before the user consents', async () => {
    const before = await test('google-antigravity/gemini-3-pro');
    expect(before).toMatchObject({ ok: false });
    expect(before.detail).toContain('Gemini API key');
    expect(server.requests).toEqual([]);
    await consent();
    expect(await test('google-antigravity/gemini-3-pro')).toMatchObject({ completion_tokens: 12 });
    expect(sent('/v1internal')[0]?.body).toMatchObject({ project: 'project-1' });
  });

  it('is off again when Google reports a breach of its terms', async () => {
    await consent();
    answers['/v1internal:streamGenerateContent'] = [
      (response) =>
        sendJson(response, 403, {
          error: { code: 403, status: 'PERMISSION_DENIED', message: 'Violation of the Terms of Service.' },
        }),
    ];
    expect((await test('google-antigravity/gemini-3-pro')).detail).toContain('Terms of Service');
    expect((await engine.call('settings.get', {})).values.antigravity_consent).toBe(false);
    await test('google-antigravity/gemini-3-pro');
    expect(sent('/v1internal')).toHaveLength(1);
  });
});

describe('a proxy in the environment', () => {
  it('is what models, lists and tokens are asked for through', async () => {
    const proxy = await startHttpProxy();
    await engine.stop();
    const elsewhere = server.url.replace('127.0.0.1', 'plans.test');
    engine = await startEngine({
      dataFolder: join(folder, 'data'),
      env: { ...env, ...addresses(elsewhere), HTTP_PROXY: proxy.url, NO_PROXY: 'other.test' },
    });
    answers['/codex/responses'] = [(response) => sendJson(response, 401, { detail: 'Unauthorized' })];
    expect(await test('openai-codex/gpt-5.2-codex')).toMatchObject({ completion_tokens: 12 });
    await engine.call('llm.refresh', { provider: 'openai-codex' });
    expect(new Set(proxy.seen)).toEqual(
      new Set([
        `POST ${elsewhere}/codex/responses`,
        `POST ${elsewhere}/token`,
        `GET ${elsewhere}/codex/models?client_version=9.8.7`,
        `GET ${elsewhere}/wham/usage`,
      ]),
    );
    await proxy.close();
  });
});

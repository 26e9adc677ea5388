import { describe, expect, it } from 'vitest';
import type { ModelLister } from '../../../src/main/app/ports/model.ts';
import { createAntigravityLister } from '../../../src/main/infra/llm/antigravity-lister.ts';
import { createChatgptLister } from '../../../src/main/infra/llm/chatgpt-lister.ts';
import { createCodexLister } from '../../../src/main/infra/llm/codex-lister.ts';
import { createHttpFetch } from '../../../src/main/infra/llm/http-fetch.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { sendJson, type RecordingServer } from '../../support/recording-server.ts';
import { never } from './fixtures.ts';
import { account, serve, type Answer } from './subscription-support.ts';

/** Answers by path, without its query; 404 for others. */
const byPath = (answers: Record<string, Answer>): Promise<RecordingServer> =>
  serve((request, response) => {
    const answer = answers[request.path.replace(/\?.*/, '')];
    if (answer === undefined) sendJson(response, 404, { detail: 'Not Found' });
    else answer(request, response);
  });
const json =
  (body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    sendJson(response, 200, body, headers);
const list = (lister: ModelLister, provider: ProviderId, etag?: string) =>
  lister.list(
    {
      credential: account(provider, { chatgpt_account_id: 'acc-1', project_id: 'project-1' }),
      ...(etag === undefined ? {} : { etag }),
    },
    never(),
  );

const codexModel = {
  slug: 'gpt-5.2-codex',
  display_name: 'GPT-5.2 Codex',
  description: 'For code.',
  default_reasoning_level: 'medium',
  supported_reasoning_levels: [
    { effort: 'low', description: '' },
    { effort: 'high', description: '' },
  ],
  visibility: 'list',
  priority: 1,
  minimal_client_version: '1.2.0',
  supported_in_api: true,
  context_window: 272_000,
  input_modalities: ['text', 'image'],
};
const usage = {
  plan_type: 'plus',
  rate_limit: { primary_window: { used_percent: 6, limit_window_seconds: 18_000, reset_at: 1_763_810_000 } },
};
const plus = {
  plan: 'plus',
  windows: [{ label: '5h', usedPercent: 6, resetAtMs: 1_763_810_000_000 }],
};

describe('the list of Codex', () => {
  const open = (url: string) => createCodexLister({ endpoint: url, clientVersion: '1.2.3' });

  it('is what the plan can be called with, and how much of it is used', async () => {
    const models = [
      codexModel,
      { ...codexModel, slug: 'hidden', visibility: 'hide' },
      { ...codexModel, slug: 'none', visibility: 'none' },
      { ...codexModel, slug: 'lite', use_responses_lite: true },
      { ...codexModel, slug: 'newer', minimal_client_version: '1.3.0' },
      { ...codexModel, slug: 'newer-too', minimal_client_version: [1, 2, 4] },
      { slug: 'bare' },
      { display_name: 'no slug' },
      'nonsense',
      codexModel,
    ];
    const server = await byPath({
      '/codex/models': json({ models }, { etag: '"v1"' }),
      '/wham/usage': json(usage),
    });
    expect(await list(open(server.url), 'openai-codex')).toEqual({
      ok: true,
      value: {
        changed: true,
        etag: '"v1"',
        quota: plus,
        models: [
          {
            modelId: 'gpt-5.2-codex',
            displayName: 'GPT-5.2 Codex',
            contextWindowTokens: 272_000,
            maxOutputTokens: null,
            metadata: {
              description: 'For code.',
              reasoning_efforts: ['low', 'high'],
              default_reasoning_effort: 'medium',
              provider_priority: 1,
              capabilities: { tools: true, vision: true, reasoning: true },
            },
          },
          expect.objectContaining({ modelId: 'bare', displayName: 'bare', contextWindowTokens: null }),
        ],
      },
    });
    const sent = server.requests.find(({ path }) => path.startsWith('/codex/models'));
    expect(sent?.path).toBe('/codex/models?client_version=1.2.3');
    for (const { headers } of server.requests)
      expect(headers).toMatchObject({
        authorization: 'Bearer token-secret-1',
        'chatgpt-account-id': 'acc-1',
        originator: 'dev_crew',
        version: '1.2.3',
      });
  });

  it('is not sent again when it has not changed', async () => {
    const server = await byPath({
      '/codex/models': (request, response) => {
        expect(request.headers['if-none-match']).toBe('"v1"');
        response.writeHead(304).end();
      },
      '/wham/usage': json(usage),
    });
    expect(await list(open(server.url), 'openai-codex', '"v1"')).toEqual({
      ok: true,
      value: { changed: false, quota: plus },
    });
  });

  it('is there though the use of the plan cannot be had', async () => {
    const server = await byPath({ '/codex/models': json({ models: [codexModel] }) });
    expect(await list(open(server.url), 'openai-codex')).toMatchObject({
      ok: true,
      value: { changed: true, quota: null, etag: null },
    });
  });

  it('that is empty says which version to raise', async () => {
    const server = await byPath({ '/codex/models': json({ models: [] }), '/wham/usage': json(usage) });
    const result = await list(open(server.url), 'openai-codex');
    expect(result).toMatchObject({ ok: false, error: { kind: 'bad_response' } });
    expect(result.ok ? '' : result.error.message).toMatch(
      /^No models for client version 1\.2\.3; raise it\. .*DEV_CREW_CODEX_CLIENT_VERSION/,
    );
  });

  it('of 10,000 models is read', async () => {
    const models = Array.from({ length: 10_000 }, (_, n) => ({ ...codexModel, slug: `m-${n}` }));
    const server = await byPath({ '/codex/models': json({ models }), '/wham/usage': json(usage) });
    const result = await list(open(server.url), 'openai-codex');
    expect(result.ok && result.value.changed ? result.value.models.length : 0).toBe(10_000);
  });
});

describe('the list of ChatGPT', () => {
  it('is what is shown there', async () => {
    const server = await byPath({
      '/v1/models': json({
        models: [
          { slug: 'gpt-5.2', display_name: 'GPT-5.2', visibility: 'list', context_window: 400_000 },
          { slug: 'hidden', display_name: 'Hidden', visibility: 'hide' },
          { slug: 'unknown' },
        ],
      }),
    });
    const result = await list(createChatgptLister({ endpoint: `${server.url}/v1` }), 'chatgpt');
    expect(result).toMatchObject({
      ok: true,
      value: {
        changed: true,
        models: [{ modelId: 'gpt-5.2', displayName: 'GPT-5.2', contextWindowTokens: 400_000 }],
      },
    });
    expect(result.ok && result.value.changed ? result.value.models.length : 0).toBe(1);
  });
});

describe('the list of Antigravity', () => {
  const open = (url: string, consented = true) =>
    createAntigravityLister({ endpoint: url, fetch: createHttpFetch(), consented: () => consented });
  const models = {
    'gemini-3-pro': {
      displayName: 'Gemini 3 Pro',
      maxTokens: 1_048_576,
      supportsImages: true,
      quotaInfo: { remainingFraction: 0.25, resetTime: '2026-11-23T04:00:00Z' },
    },
    spent: { displayName: 'Spent', quotaInfo: { remainingFraction: 0.5, isExhausted: true } },
    zero: { quotaInfo: { resetTime: '2026-11-23T04:00:00Z' } },
    free: { displayName: 'Free' },
    'tab-model': { isInternal: true },
    broken: 'nonsense',
  };
  const loaded = { currentTier: { id: 'free-tier', name: 'Free' }, cloudaicompanionProject: 'project-1' };

  it('has what is left of each model, and the plan', async () => {
    const server = await byPath({
      '/v1internal:fetchAvailableModels': json({ models }),
      '/v1internal:loadCodeAssist': json(loaded),
    });
    const resetAtMs = Date.parse('2026-11-23T04:00:00Z');
    expect(await list(open(server.url), 'google-antigravity')).toMatchObject({
      ok: true,
      value: {
        changed: true,
        quota: { plan: 'Free', windows: [] },
        models: [
          {
            modelId: 'gemini-3-pro',
            displayName: 'Gemini 3 Pro',
            contextWindowTokens: 1_048_576,
            quotaRemainingFraction: 0.25,
            quotaResetAtMs: resetAtMs,
            metadata: { capabilities: { tools: true, vision: true } },
          },
          { modelId: 'spent', quotaRemainingFraction: 0, quotaResetAtMs: null },
          { modelId: 'zero', displayName: 'zero', quotaRemainingFraction: 0, quotaResetAtMs: resetAtMs },
          { modelId: 'free', quotaRemainingFraction: null, quotaResetAtMs: null },
        ],
      },
    });
    const asked = server.requests.find(({ path }) => path.endsWith('fetchAvailableModels'));
    expect(asked?.body).toEqual({ project: 'project-1' });
  });

  it('is there without the plan, and not without consent', async () => {
    const server = await byPath({ '/v1internal:fetchAvailableModels': json({ models }) });
    expect(await list(open(server.url), 'google-antigravity')).toMatchObject({
      ok: true,
      value: { quota: null },
    });
    const before = server.requests.length;
    expect(await list(open(server.url, false), 'google-antigravity')).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    });
    expect(server.requests).toHaveLength(before);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { ListedModel, ModelLister } from '../../../src/main/app/ports/model.ts';
import { createAnthropicLister } from '../../../src/main/infra/llm/anthropic-lister.ts';
import { createGoogleLister } from '../../../src/main/infra/llm/google-lister.ts';
import {
  createOpenAICompatibleLister,
  createOpenAILister,
} from '../../../src/main/infra/llm/openai-lister.ts';
import { createOpenRouterLister } from '../../../src/main/infra/llm/openrouter-lister.ts';
import { credentialOf } from '../../support/credential.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { answering, never } from './fixtures.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});
async function serve(models: NonNullable<ScriptInput['models']>): Promise<ModelServer> {
  server = await startModelServer({ models, exchanges: [] }, { onUnexpected: () => undefined });
  return server;
}

async function listed(lister: ModelLister, key = 'test-key'): Promise<ListedModel[]> {
  const result = await lister.list({ credential: credentialOf(lister.provider, key) }, never());
  if (!result.ok || !result.value.changed) throw new Error(JSON.stringify(result));
  return result.value.models;
}

describe('the lists of the providers', () => {
  it('OpenAI: what can be talked to, with the limits that are known of it', async () => {
    const { url } = await serve(
      ['gpt-4o', 'gpt-5.2', 'gpt-9-new', 'text-embedding-3-large', 'whisper-1', 'gpt-4o-realtime'].map(
        (name) => ({
          name,
        }),
      ),
    );
    const models = await listed(createOpenAILister({ endpoint: `${url}/v1` }));
    expect(
      models.map(({ modelId, contextWindowTokens, maxOutputTokens }) => [
        modelId,
        contextWindowTokens,
        maxOutputTokens,
      ]),
    ).toEqual([
      ['gpt-4o', 128_000, 16_384],
      ['gpt-5.2', 400_000, 128_000],
      ['gpt-9-new', null, null],
    ]);
    expect(models[0]?.metadata.capabilities).toEqual({ tools: true, vision: true, reasoning: false });
  });

  it('a server of the user’s own: its limit, with and without a key and the /v1', async () => {
    const { url, state } = await serve([
      { name: 'qwen3-coder', contextLength: 40_960 },
      { name: 'text-embedding-nomic' },
    ]);
    for (const [endpoint, key] of [
      [url, ''],
      [`${url}/v1`, 'test-key'],
    ] as const) {
      const models = await listed(createOpenAICompatibleLister({ endpoint }), key);
      expect(models).toMatchObject([
        { modelId: 'qwen3-coder', contextWindowTokens: 40_960, maxOutputTokens: null },
      ]);
    }
    expect(state().requests.map((request) => request.headers.authorization)).toEqual([
      undefined,
      'Bearer test-key',
    ]);
  });

  it('Anthropic: all pages', async () => {
    const names = [
      'claude-opus-4-5',
      'claude-3-5-haiku-20241022',
      'claude-next',
      'claude-3-haiku-20240307',
      'other',
    ];
    const { url, state } = await serve(names.map((name) => ({ name })));
    const models = await listed(createAnthropicLister({ endpoint: `${url}/v1` }));
    expect(
      models.map(({ modelId, contextWindowTokens, maxOutputTokens }) => [
        modelId,
        contextWindowTokens,
        maxOutputTokens,
      ]),
    ).toEqual([
      ['claude-opus-4-5', 200_000, 64_000],
      ['claude-3-5-haiku-20241022', 200_000, 8_192],
      ['claude-next', 200_000, null],
      ['claude-3-haiku-20240307', 200_000, 4_096],
      ['other', null, null],
    ]);
    expect(state().requests).toHaveLength(3);
    expect(state().unexpected).toEqual([]);
  });

  it('Gemini: all pages, and only what generates content', async () => {
    const { url, state } = await serve([
      { name: 'gemini-2.5-pro', contextLength: 1_048_576, maxOutput: 65_536 },
      { name: 'embedding-001', capabilities: ['embedding'] },
      { name: 'gemini-2.0-flash' },
    ]);
    const models = await listed(createGoogleLister({ endpoint: `${url}/v1beta` }));
    expect(models).toMatchObject([
      {
        modelId: 'gemini-2.5-pro',
        contextWindowTokens: 1_048_576,
        maxOutputTokens: 65_536,
        metadata: { capabilities: { tools: true, vision: true, reasoning: true } },
      },
      { modelId: 'gemini-2.0-flash', metadata: { capabilities: { reasoning: false } } },
    ]);
    expect(state().requests).toHaveLength(2);
  });

  it('OpenRouter: its own prices for a million tokens, limits and abilities', async () => {
    const { url } = await serve([
      { name: 'anthropic/claude', capabilities: ['completion', 'tools', 'vision'], maxOutput: 64_000 },
      { name: 'meta/llama', capabilities: ['completion'] },
    ]);
    const models = await listed(createOpenRouterLister({ endpoint: `${url}/api/v1` }));
    expect(models).toMatchObject([
      {
        modelId: 'anthropic/claude',
        price: { input_usd: 3, output_usd: 15, cached_input_usd: 0.3 },
        maxOutputTokens: 64_000,
        metadata: { capabilities: { tools: true, vision: true, reasoning: false } },
      },
      { modelId: 'meta/llama', metadata: { capabilities: { tools: false, vision: false } } },
    ]);
  });
});

const json = (body: unknown, headers: Record<string, string> = {}) =>
  answering(200, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

describe('lists that are not as they should be', () => {
  const openRouter = (fetch: ReturnType<typeof answering>) =>
    createOpenRouterLister({ fetch, endpoint: 'http://x.test' });
  const list = (lister: ModelLister, etag?: string) =>
    lister.list(
      { credential: credentialOf(lister.provider), ...(etag === undefined ? {} : { etag }) },
      never(),
    );

  it('are taken with 10,000 entries', async () => {
    const data = Array.from({ length: 10_000 }, (_, index) => ({ id: `m${index}`, name: `Model ${index}` }));
    expect(await listed(openRouter(json({ data })))).toHaveLength(10_000);
  });

  it('are taken empty, with repeats, and without their odd entries', async () => {
    expect(await listed(openRouter(json({ data: [] })))).toEqual([]);
    const data = [
      { id: 'a' },
      { id: 'a' },
      { id: 7 },
      null,
      'b',
      { name: 'nameless' },
      { id: 'c', pricing: 'free' },
    ];
    expect((await listed(openRouter(json({ data })))).map((model) => model.modelId)).toEqual(['a', 'c']);
  });

  it('give no price where it depends, is told wrongly, or not at all', async () => {
    const prices = [
      { prompt: '-1', completion: '-1' },
      { prompt: 'x', completion: '1' },
      { prompt: '0' },
      null,
    ];
    const data = prices.map((pricing, index) => ({ id: `m${index}`, pricing }));
    for (const model of await listed(openRouter(json({ data })))) expect(model).not.toHaveProperty('price');
    const free = { id: 'free', pricing: { prompt: '0', completion: 0, input_cache_read: null } };
    expect(await listed(openRouter(json({ data: [free] })))).toMatchObject([
      { price: { input_usd: 0, output_usd: 0, cached_input_usd: null } },
    ]);
  });

  it.each([
    [
      'a web page',
      answering(200, '<!doctype html><h1>Welcome</h1>', { 'content-type': 'text/html' }),
      'bad_response',
    ],
    [
      'a web page that says it is JSON',
      answering(200, '<html>', { 'content-type': 'application/json' }),
      'bad_response',
    ],
    ['something else', json({ models: [] }), 'bad_response'],
    ['no JSON', answering(200, '{"data":[', { 'content-type': 'application/json' }), 'bad_response'],
    ['nothing', answering(200, '', {}), 'bad_response'],
    ['a redirect', answering(302, '', { location: 'http://elsewhere.test' }), 'bad_response'],
    ['a wrong key', answering(401, '{"error":{"message":"No auth"}}', {}), 'auth_invalid'],
    ['an overload', answering(503, '', { 'retry-after': '2' }), 'overloaded'],
  ])('are an error when they are %s', async (_what, fetch, kind) => {
    expect(await list(openRouter(fetch))).toMatchObject({ ok: false, error: { kind } });
  });

  it('are asked for by their ETag, and may be unchanged', async () => {
    const fetch = json({ data: [{ id: 'a' }] }, { etag: 'W/"1"' });
    expect(await list(openRouter(fetch))).toMatchObject({
      ok: true,
      value: { changed: true, etag: 'W/"1"' },
    });
    const unchanged = answering(304, '', { etag: 'W/"1"' });
    expect(await list(openRouter(unchanged), 'W/"1"')).toEqual({
      ok: true,
      value: { changed: false, quota: null },
    });
    expect(unchanged.seen[0]?.headers['if-none-match']).toBe('W/"1"');
  });

  it('end, also where a server has always one page more', async () => {
    const fetch = json({ models: [], nextPageToken: 'again' });
    const lister = createGoogleLister({ fetch, endpoint: 'http://x.test' });
    expect(await list(lister)).toMatchObject({ ok: true, value: { models: [] } });
    let pages = 0;
    const endless = createAnthropicLister({
      endpoint: 'http://x.test',
      fetch: (url, init) => {
        pages += 1;
        return json({ data: [{ id: `claude-${pages}` }], has_more: true, last_id: `claude-${pages}` })(
          url,
          init,
        );
      },
    });
    expect(await list(endless)).toMatchObject({ ok: false, error: { kind: 'bad_response' } });
    expect(pages).toBe(200);
  });

  it('are not asked for without an account, nor with that of another provider', async () => {
    const fetch = json({ data: [] });
    const lister = openRouter(fetch);
    expect(await lister.list({}, never())).toMatchObject({ ok: false, error: { kind: 'auth_invalid' } });
    expect(await lister.list({ credential: credentialOf('openai') }, never())).toMatchObject({ ok: false });
    expect(fetch.seen).toEqual([]);
  });

  it('can be canceled, which closes the connection', async () => {
    server = await startModelServer({
      exchanges: [
        { name: 'hang', when: { path: '/api/v1/models' }, reply: { fault: 'hang', headers: false } },
      ],
    });
    const controller = new AbortController();
    const lister = createOpenRouterLister({ endpoint: `${server.url}/api/v1` });
    const listing = lister.list({ credential: credentialOf('openrouter') }, controller.signal);
    await server.until((state) => state.requests.length === 1);
    controller.abort();
    expect(await listing).toMatchObject({ error: { kind: 'canceled' } });
    await server.until((state) => state.requests[0]?.end === 'aborted');
  });
});

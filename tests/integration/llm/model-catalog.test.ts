import { afterEach, describe, expect, it } from 'vitest';
import { catalogSchema } from '../../../src/shared/models.ts';
import { err, ok } from '../../../src/shared/errors.ts';
import { createModelCatalog, type ModelCatalogDeps } from '../../../src/main/app/model-catalog.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import type { ListedModel, ListRequest, ModelLister } from '../../../src/main/app/ports/model.ts';
import { createOllamaLister } from '../../../src/main/infra/llm/ollama-lister.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { fetchOf, memoryStore, never, silentLog } from './fixtures.ts';

const model = (modelId: string, contextWindowTokens: number | null = null): ListedModel => ({
  modelId,
  displayName: modelId,
  contextWindowTokens,
  maxOutputTokens: null,
  metadata: {},
});

/** A lister whose answer tests set; counts its calls. */
function listerOf(provider: ProviderId, models: ListedModel[]) {
  const lister = {
    provider,
    needsAccount: false,
    calls: 0,
    failing: false,
    hanging: false,
    async list(_request: ListRequest, signal: AbortSignal): ReturnType<ModelLister['list']> {
      lister.calls += 1;
      if (lister.hanging) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return lister.failing || signal.aborted
        ? err({ kind: 'network' as const, message: 'nothing listens there' })
        : ok({ changed: true as const, models, etag: null, quota: null });
    },
  };
  return lister;
}

const unused = () => Promise.reject(new Error('these providers need no account'));
const noCredentials = { active: unused, renew: unused, observe: () => undefined };

function setUp(listers: ModelLister[], change: Partial<ModelCatalogDeps> = {}) {
  const clock = createManualClock(Date.UTC(2026, 10, 22, 8));
  const store = memoryStore();
  const deps: ModelCatalogDeps = {
    listers,
    clock,
    store,
    log: silentLog,
    accountId: 'default',
    credentials: noCredentials,
    activeAccountId: () => null,
    quotaOf: () => null,
    ...change,
  };
  return { clock, store, deps, catalog: createModelCatalog(deps) };
}

describe('the model catalog', () => {
  it('lists the models of all providers in order, in the shape of the API', async () => {
    const a = listerOf('ollama', [model('big', 200_000), model('x-mini'), model('plain')]);
    const b = listerOf('openai', [model('plain')]);
    const { catalog } = setUp([a, b]);
    const got = await catalog.get();
    expect(catalogSchema.parse(got)).toEqual(got);
    expect(got.models.map(({ provider, model_id }) => `${provider}/${model_id}`)).toEqual([
      'ollama/x-mini',
      'ollama/big',
      'ollama/plain',
      'openai/plain',
    ]);
    expect(got.providers[0]).toEqual({
      provider: 'ollama',
      account_id: 'default',
      model_count: 3,
      last_refresh_at: '2026-11-22T08:00:00.000Z',
      last_success_at: '2026-11-22T08:00:00.000Z',
      next_refresh_at: '2026-11-22T08:10:00.000Z',
      stale: false,
      last_error: null,
      usage: null,
    });
    expect((await catalog.get({ provider: 'openai' })).models).toHaveLength(1);
  });

  it('keeps the old models when a refresh fails, and goes stale after two intervals', async () => {
    const lister = listerOf('ollama', [model('a')]);
    const { catalog, clock } = setUp([lister]);
    await catalog.get();
    lister.failing = true;
    const failed = await catalog.refresh('ollama');
    expect(failed.models).toHaveLength(1);
    expect(failed.providers[0]).toMatchObject({ stale: false, last_error: 'nothing listens there' });
    await clock.advance(1_200_001);
    expect((await catalog.get()).providers[0]).toMatchObject({ stale: true, model_count: 1 });
  });

  it('is stale at once where nothing was ever listed', async () => {
    const lister = listerOf('ollama', []);
    lister.failing = true;
    const got = await setUp([lister]).catalog.get();
    expect(got).toMatchObject({ models: [], providers: [{ stale: true, last_success_at: null }] });
  });

  it('asks again only when due or forced, and once for many who ask at the same time', async () => {
    const lister = listerOf('ollama', [model('a')]);
    const { catalog, clock } = setUp([lister]);
    await Promise.all([catalog.get(), catalog.get(), catalog.refresh()]);
    expect(lister.calls).toBe(1);
    await clock.advance(599_999);
    await catalog.get();
    expect(lister.calls).toBe(1);
    await catalog.get({ forceRefresh: true });
    expect(lister.calls).toBe(2);
  });

  it('shows what was known after a restart without a network', async () => {
    const lister = listerOf('ollama', [model('a')]);
    const { catalog, deps } = setUp([lister]);
    await catalog.get();
    lister.failing = true;
    const again = createModelCatalog(deps);
    again.start();
    expect((await again.refresh()).models).toHaveLength(1);
    again.stop();
    deps.store.transaction((tables) => tables.values.set('catalog:ollama:default', { from: 'the future' }));
    expect((await createModelCatalog(deps).get()).models).toEqual([]);
  });

  it('refreshes when started and while somebody looks, not otherwise', async () => {
    const lister = listerOf('ollama', [model('a')]);
    const { catalog, clock } = setUp([lister]);
    catalog.start();
    await catalog.get();
    expect(lister.calls).toBe(1);
    await clock.advance(600_000);
    expect(lister.calls).toBe(2);
    await clock.advance(6_000_000);
    expect(lister.calls).toBe(2);
    catalog.stop();
    expect(clock.sleeping).toBe(0);
  });

  it('leaves the provider alone where refreshing is off', async () => {
    const lister = listerOf('ollama', [model('a')]);
    const { catalog, clock } = setUp([lister], { autoRefresh: false, startupRefresh: false });
    catalog.start();
    await clock.advance(6_000_000);
    const got = await catalog.get();
    expect(lister.calls).toBe(0);
    expect(got.providers[0]).toMatchObject({ next_refresh_at: null, last_refresh_at: null, stale: false });
    expect((await catalog.refresh()).models).toHaveLength(1);
  });

  it('gives up a provider that hangs', async () => {
    const lister = listerOf('ollama', []);
    lister.hanging = true;
    const { catalog, clock } = setUp([lister], { httpTimeoutSeconds: 10 });
    const got = catalog.get();
    await clock.untilSleeping(1);
    await clock.advance(10_000);
    expect((await got).providers[0]?.last_error).toBe('No answer within 10 s.');
  });
});

describe('the list of Ollama', () => {
  let server: ModelServer | null = null;
  afterEach(() => server?.close());
  const serve = async (script: ScriptInput) => {
    const running = await startModelServer(script);
    server = running;
    return { running, lister: createOllamaLister({ baseUrl: () => running.url }) };
  };
  const shows = (running: ModelServer) =>
    running.state().requests.filter((request) => request.path === '/api/show').length;

  it('has context and capabilities, asked for once a digest, and leaves out models that only embed', async () => {
    const { running, lister } = await serve({
      models: [
        { name: 'llama3.1:8b', contextLength: 131_072, capabilities: ['completion', 'tools'] },
        { name: 'qwen3:4b', contextLength: 40_960, capabilities: ['completion', 'thinking'] },
        { name: 'nomic-embed-text', capabilities: ['embedding'] },
      ],
      exchanges: [],
    });
    const listed = await lister.list({}, never());
    expect(listed).toMatchObject({
      ok: true,
      value: {
        models: [
          {
            modelId: 'llama3.1:8b',
            contextWindowTokens: 131_072,
            metadata: {
              parameter_size: '8.0B',
              capabilities: { tools: true, vision: false, reasoning: false },
            },
          },
          { modelId: 'qwen3:4b', contextWindowTokens: 40_960 },
        ],
      },
    });
    expect(shows(running)).toBe(3);
    await lister.list({}, never());
    expect(shows(running)).toBe(3);
  });

  it('lists a model that cannot be shown, and asks again the next time', async () => {
    const fault = 'status' as const;
    const { running, lister } = await serve({
      exchanges: [{ name: 'broken', when: { path: '/api/show' }, reply: { fault, status: 500 } }],
    });
    expect(await lister.list({}, never())).toMatchObject({
      value: { models: [{ contextWindowTokens: null }] },
    });
    expect(await lister.list({}, never())).toMatchObject({
      value: { models: [{ contextWindowTokens: 131_072 }] },
    });
    expect(shows(running)).toBe(2);
  });

  it.each([
    ['a web page', { fault: 'html' }, 'bad_response'],
    ['other JSON', { fault: 'status', status: 200, body: { data: [] } }, 'bad_response'],
    ['nothing', { fault: 'empty' }, 'bad_response'],
    ['a 500', { fault: 'status', status: 500 }, 'overloaded'],
  ] as const)('is an error when %s comes', async (_what, reply, kind) => {
    const { lister } = await serve({ exchanges: [{ name: 'tags', when: { path: '/api/tags' }, reply }] });
    expect(await lister.list({}, never())).toMatchObject({ ok: false, error: { kind } });
  });

  it('may be empty or very long', async () => {
    expect(await (await serve({ models: [], exchanges: [] })).lister.list({}, never())).toMatchObject(
      ok({ models: [] }),
    );
    const models = Array.from({ length: 10_000 }, (_, index) => ({ name: `m${index}`, digest: `d${index}` }));
    const body = JSON.stringify({ models });
    const answer = fetchOf([]);
    let asked = 0;
    const lister = createOllamaLister({
      baseUrl: () => 'http://ollama.test',
      fetch: async (url, init) => {
        asked += 1;
        return {
          ...(await answer(url, init)),
          text: () => Promise.resolve(url.endsWith('tags') ? body : '{}'),
        };
      },
    });
    const listed = await lister.list({}, never());
    expect(listed.ok && listed.value.changed && listed.value.models.length).toBe(10_000);
    expect(asked).toBe(201);
  });

  it('stops when aborted', async () => {
    const { running, lister } = await serve({
      exchanges: [{ name: 'hang', when: { path: '/api/show' }, reply: { fault: 'hang', headers: false } }],
    });
    const controller = new AbortController();
    const listed = lister.list({}, controller.signal);
    await running.until((state) => state.requests.length === 2);
    controller.abort();
    expect(await listed).toMatchObject({ ok: false, error: { kind: 'canceled' } });
  });
});

import { describe, expect, it } from 'vitest';
import { createModelCatalog } from '../../../src/main/app/model-catalog.ts';
import type { Credential } from '../../../src/main/app/ports/credentials.ts';
import type { ListRequest, ModelLister, ModelList } from '../../../src/main/app/ports/model.ts';
import type { ModelError, QuotaReading } from '../../../src/main/domain/model-messages.ts';
import { err, ok, type Result } from '../../../src/shared/errors.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { memoryStore, silentLog } from './fixtures.ts';

const credentialOf = (accountId: string, secret = 'old'): Credential => ({
  provider: 'openai',
  accountId,
  kind: 'oauth',
  secret,
  baseUrl: null,
  facts: {},
});

/** A provider that needs an account, whose answers a test sets; everything it was asked with is kept. */
function setUp(answer: (request: ListRequest) => Result<ModelList, ModelError>) {
  const asked: ListRequest[] = [];
  const observed: QuotaReading[] = [];
  const state = { account: 'a' as string | null };
  const lister: ModelLister = {
    provider: 'openai',
    needsAccount: true,
    list: (request) => {
      asked.push(request);
      return Promise.resolve(answer(request));
    },
  };
  const store = memoryStore();
  const build = () =>
    createModelCatalog({
      listers: [lister],
      clock: createManualClock(Date.UTC(2026, 10, 22, 8)),
      store,
      log: silentLog,
      accountId: 'default',
      activeAccountId: () => state.account,
      quotaOf: () => null,
      credentials: {
        active: () => Promise.resolve(ok(credentialOf(state.account ?? ''))),
        renew: (stale) => Promise.resolve(ok({ ...stale, secret: 'new' })),
        observe: (_, quota) => void observed.push(quota),
      },
    });
  return { asked, observed, state, catalog: build(), build };
}

const listOf = (modelId: string, etag: string | null = null): Result<ModelList, ModelError> =>
  ok({
    changed: true,
    models: [
      { modelId, displayName: modelId, contextWindowTokens: 8192, maxOutputTokens: null, metadata: {} },
    ],
    etag,
    quota: null,
  });
const ids = async (catalog: ReturnType<typeof createModelCatalog>): Promise<string[]> =>
  (await catalog.refresh()).models.map((model) => model.model_id);

describe('the catalog of a provider with accounts', () => {
  it('sends the ETag of the last list, also after a restart, and keeps the list when it has not changed', async () => {
    const { asked, catalog, build } = setUp(({ etag }) =>
      etag === undefined ? listOf('m', 'v1') : ok({ changed: false, quota: null }),
    );
    expect(await ids(catalog)).toEqual(['m']);
    expect(await ids(catalog)).toEqual(['m']);
    expect(await ids(build())).toEqual(['m']);
    expect(asked.map(({ etag }) => etag)).toEqual([undefined, 'v1', 'v1']);
  });

  it('shows the active account’s list alone, at once when another becomes active', async () => {
    const { state, catalog } = setUp(({ credential }) => listOf(`of-${credential?.accountId}`));
    expect(await ids(catalog)).toEqual(['of-a']);
    state.account = 'b';
    expect(await ids(catalog)).toEqual(['of-b']);
    state.account = 'a';
    const known = await catalog.get();
    expect(known.models.map((model) => model.model_id)).toEqual(['of-a']);
    expect(known.providers[0]).toMatchObject({ account_id: 'a', model_count: 1 });
  });

  it('asks nobody without an account, and shows nothing of one that is gone', async () => {
    const { asked, state, catalog } = setUp(() => listOf('m'));
    state.account = null;
    const none = await catalog.refresh();
    expect(asked).toEqual([]);
    expect(none.providers[0]).toMatchObject({ last_error: null, stale: false, next_refresh_at: null });
    state.account = 'a';
    expect(await ids(catalog)).toEqual(['m']);
    state.account = null;
    expect((await catalog.get()).models).toEqual([]);
  });

  it('renews a token that was refused, once', async () => {
    const refusal = err({ kind: 'auth_expired' as const, message: 'expired' });
    const good = setUp(({ credential }) => (credential?.secret === 'new' ? listOf('m') : refusal));
    expect(await ids(good.catalog)).toEqual(['m']);
    expect(good.asked).toHaveLength(2);
    const bad = setUp(() => refusal);
    expect((await bad.catalog.refresh()).providers[0]).toMatchObject({ last_error: 'expired' });
    expect(bad.asked).toHaveLength(2);
  });

  it('passes on what a list says of the account’s quota, and of each model’s', async () => {
    const quota: QuotaReading = { plan: 'plus', windows: [] };
    const { catalog, observed } = setUp(() =>
      ok({
        changed: true,
        models: [
          {
            modelId: 'm',
            displayName: 'm',
            contextWindowTokens: null,
            maxOutputTokens: null,
            metadata: {},
            quotaRemainingFraction: 0.05,
            quotaResetAtMs: Date.UTC(2026, 10, 23),
          },
        ],
        etag: null,
        quota,
      }),
    );
    const [model] = (await catalog.refresh()).models;
    expect(observed).toEqual([quota]);
    // Balanced is 50; little quota adds 20 (compatibility.md §1).
    expect(model).toMatchObject({
      quota_remaining_fraction: 0.05,
      quota_reset_at: '2026-11-23T00:00:00.000Z',
      priority: 70,
    });
  });
});

import type { Catalog, CatalogModel } from '../../shared/models.ts';
import { compareModels, hintOf, isStale } from '../domain/model-hints.ts';
import type { Quota } from '../../shared/models.ts';
import type { Credentials } from './ports/credentials.ts';
import type { ListedModel, ModelLister } from './ports/model.ts';
import type { Store } from './ports/store.ts';
import type { Clock, Log } from './ports/system.ts';
import { createProviderCatalog, type ProviderCatalog, type Snapshot } from './provider-catalog.ts';

export interface ModelCatalogDeps {
  listers: readonly ModelLister[];
  clock: Clock;
  store: Pick<Store, 'tables' | 'transaction'>;
  log: Log;
  /** Name of the account of providers that need none. */
  accountId: string;
  credentials: Pick<Credentials, 'active' | 'renew' | 'observe'>;
  /** Id of a provider's active account; null when it has none. */
  activeAccountId: (provider: ModelLister['provider']) => string | null;
  /** What the provider last said of an account's plan; null when nothing. */
  quotaOf: (provider: ModelLister['provider'], accountId: string) => Quota | null;
  /** Default 600. */
  refreshSeconds?: number;
  /** Refresh by itself every `refreshSeconds`, as long as somebody looks. Default true. */
  autoRefresh?: boolean;
  /** Refresh when started. Default true. */
  startupRefresh?: boolean;
  /** Longest time of one refresh. Default 10. */
  httpTimeoutSeconds?: number;
}

export interface ModelCatalog {
  /** compatibility.md §1. A provider that fails is still in it, with its last known models and its error. */
  get(query?: { provider?: string; forceRefresh?: boolean }): Promise<Catalog>;
  refresh(provider?: string): Promise<Catalog>;
  /** A provider's models as last known, and since when; nothing is asked. */
  listed(provider: string): { models: readonly ListedModel[]; atMs: number | null };
  start(): void;
  stop(): void;
}

/** The catalog of all providers. Offline it shows what was last known, from the store. */
export function createModelCatalog(deps: ModelCatalogDeps): ModelCatalog {
  const { clock, refreshSeconds = 600, autoRefresh = true, startupRefresh = true } = deps;
  const life = new AbortController();
  const intervalMs = refreshSeconds * 1000;
  const timeoutMs = (deps.httpTimeoutSeconds ?? 10) * 1000;
  const catalogs = deps.listers.map((lister) =>
    createProviderCatalog({ ...deps, lister, timeoutMs, signal: life.signal }),
  );
  const chosen = (provider?: string): ProviderCatalog[] =>
    catalogs.filter((catalog) => provider === undefined || catalog.provider === provider);
  let looked = false;

  /** A store that cannot be written must not take the list away. */
  const refreshed = async (catalog: ProviderCatalog): Promise<void> => {
    await catalog.refresh().catch((error: unknown) => {
      deps.log.error('models could not be refreshed', { provider: catalog.provider, error: String(error) });
    });
  };

  /** Waits only where there is nothing good to show meanwhile. */
  const refreshIfDue = async (catalog: ProviderCatalog): Promise<void> => {
    const snapshot = catalog.snapshot();
    const due =
      autoRefresh &&
      catalog.canRefresh() &&
      clock.now() >= (snapshot.lastRefreshAtMs ?? -Infinity) + intervalMs;
    const refreshing = due ? refreshed(catalog) : catalog.pending();
    const poor = snapshot.lastSuccessAtMs === null || isStale(snapshot, clock.now(), intervalMs);
    if (poor) await refreshing?.catch(() => undefined);
  };

  const view = (provider?: string): Catalog =>
    catalogOf(chosen(provider), { ...deps, refreshSeconds, autoRefresh, nowMs: clock.now() });

  /** An app that nobody looks at leaves the providers alone. */
  const refreshForEver = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(intervalMs, life.signal);
      if (looked) {
        looked = false;
        await Promise.all(catalogs.map(refreshed));
      }
    }
  };

  return {
    async get({ provider, forceRefresh = false } = {}) {
      looked = true;
      await Promise.all(chosen(provider).map(forceRefresh ? refreshed : refreshIfDue));
      return view(provider);
    },
    async refresh(provider) {
      await Promise.all(chosen(provider).map(refreshed));
      return view(provider);
    },
    listed(provider) {
      const snapshot = chosen(provider)[0]?.snapshot();
      return { models: snapshot?.models ?? [], atMs: snapshot?.lastSuccessAtMs ?? null };
    },
    start() {
      if (startupRefresh) catalogs.forEach((catalog) => void refreshed(catalog));
      if (autoRefresh) refreshForEver().catch(() => undefined);
    },
    stop: () => life.abort(),
  };
}

interface ViewOptions {
  quotaOf: ModelCatalogDeps['quotaOf'];
  refreshSeconds: number;
  autoRefresh: boolean;
  nowMs: number;
}

function catalogOf(catalogs: readonly ProviderCatalog[], options: ViewOptions): Catalog {
  return {
    refresh_interval_seconds: options.refreshSeconds,
    auto_refresh: options.autoRefresh,
    providers: catalogs.map((catalog) => providerView(catalog, options)),
    models: catalogs
      .flatMap((catalog) => modelViews(catalog.provider, catalog.snapshot()))
      .sort(compareModels),
  };
}

function providerView(catalog: ProviderCatalog, options: ViewOptions): Catalog['providers'][number] {
  const snapshot = catalog.snapshot();
  const accountId = catalog.accountId();
  const intervalMs = options.refreshSeconds * 1000;
  const nextMs = snapshot.lastRefreshAtMs === null ? options.nowMs : snapshot.lastRefreshAtMs + intervalMs;
  return {
    provider: catalog.provider,
    account_id: accountId,
    model_count: snapshot.models.length,
    last_refresh_at: isoOf(snapshot.lastRefreshAtMs),
    last_success_at: isoOf(snapshot.lastSuccessAtMs),
    next_refresh_at: options.autoRefresh && catalog.canRefresh() ? isoOf(nextMs) : null,
    stale: isStale(snapshot, options.nowMs, intervalMs),
    last_error: snapshot.lastError,
    usage: options.quotaOf(catalog.provider, accountId),
  };
}

function modelViews(provider: string, snapshot: Snapshot): CatalogModel[] {
  return snapshot.models.map((model) => {
    const { usageHint, priority } = hintOf({
      ...model,
      quotaRemainingFraction: model.quotaRemainingFraction ?? null,
    });
    return {
      provider,
      model_id: model.modelId,
      display_name: model.displayName,
      usage_hint: usageHint,
      priority,
      context_window_tokens: model.contextWindowTokens,
      max_output_tokens: model.maxOutputTokens,
      quota_remaining_fraction: model.quotaRemainingFraction ?? null,
      quota_reset_at: isoOf(model.quotaResetAtMs ?? null),
      metadata: model.metadata,
    };
  });
}

const isoOf = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

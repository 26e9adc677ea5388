import { z } from 'zod';
import { priceSchema } from '../../shared/models.ts';
import type { ListedModel, ModelLister } from './ports/model.ts';
import type { Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';

/** What is known of one provider's models. A failed refresh keeps `models` and `lastSuccessAtMs`. */
const snapshotSchema = z.object({
  models: z.array(
    z.object({
      modelId: z.string(),
      displayName: z.string(),
      contextWindowTokens: z.number().nullable(),
      maxOutputTokens: z.number().nullable(),
      metadata: z.record(z.string(), z.unknown()),
      price: priceSchema.exactOptional(),
    }),
  ),
  lastRefreshAtMs: z.number().nullable(),
  lastSuccessAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
}) satisfies z.ZodType<{ models: ListedModel[] }>;
export type Snapshot = z.infer<typeof snapshotSchema>;

export interface ProviderCatalog {
  readonly provider: string;
  snapshot(): Snapshot;
  /** Asks the provider; a refresh under way is joined. Never throws. */
  refresh(): Promise<void>;
  /** The refresh under way, if any. */
  pending(): Promise<void> | null;
}

export interface ProviderCatalogDeps {
  lister: ModelLister;
  accountId: string;
  clock: Clock;
  store: Pick<Store, 'tables' | 'transaction'>;
  /** Longest time of one refresh. */
  timeoutMs: number;
  /** Ends refreshes when the app stops. */
  signal: AbortSignal;
}

const nothing: Snapshot = { models: [], lastRefreshAtMs: null, lastSuccessAtMs: null, lastError: null };

/** The models of one provider and account, as last known across restarts. */
export function createProviderCatalog(deps: ProviderCatalogDeps): ProviderCatalog {
  const { lister, clock, store } = deps;
  const key = `catalog:${lister.provider}:${deps.accountId}`;
  const stored = snapshotSchema.safeParse(store.tables.values.get(key));
  let snapshot: Snapshot = stored.success ? stored.data : nothing;
  let pending: Promise<void> | null = null;

  const refresh = async (): Promise<void> => {
    const listed = await listInTime(deps);
    if (deps.signal.aborted) return;
    const nowMs = clock.now();
    snapshot = listed.ok
      ? {
          models: listed.value ?? snapshot.models,
          lastRefreshAtMs: nowMs,
          lastSuccessAtMs: nowMs,
          lastError: null,
        }
      : { ...snapshot, lastRefreshAtMs: nowMs, lastError: listed.message };
    store.transaction((tables) => tables.values.set(key, snapshot));
  };

  return {
    provider: lister.provider,
    snapshot: () => snapshot,
    pending: () => pending,
    refresh: () => {
      pending ??= refresh().finally(() => {
        pending = null;
      });
      return pending;
    },
  };
}

/** `value` is null when the list has not changed. */
type Listed = { ok: true; value: ListedModel[] | null } | { ok: false; message: string };

async function listInTime({ lister, clock, timeoutMs, signal }: ProviderCatalogDeps): Promise<Listed> {
  const timeout = new AbortController();
  const done = new AbortController();
  clock.sleep(timeoutMs, AbortSignal.any([signal, done.signal])).then(
    () => timeout.abort(),
    () => undefined,
  );
  try {
    const result = await lister.list({}, AbortSignal.any([signal, timeout.signal]));
    if (result.ok) return { ok: true, value: result.value.changed ? result.value.models : null };
    if (timeout.signal.aborted) return { ok: false, message: `No answer within ${timeoutMs / 1000} s.` };
    return { ok: false, message: result.error.message };
  } finally {
    done.abort();
  }
}

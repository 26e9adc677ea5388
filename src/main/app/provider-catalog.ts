import { z } from 'zod';
import { priceSchema } from '../../shared/models.ts';
import type { Result } from '../../shared/errors.ts';
import type { ModelError } from '../domain/model-messages.ts';
import type { Credential, Credentials } from './ports/credentials.ts';
import type { ListedModel, ModelList, ModelLister } from './ports/model.ts';
import type { Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';

/** What is known of one account's models. A failed refresh keeps `models` and `lastSuccessAtMs`. */
const snapshotSchema = z.object({
  models: z.array(
    z.object({
      modelId: z.string(),
      displayName: z.string(),
      contextWindowTokens: z.number().nullable(),
      maxOutputTokens: z.number().nullable(),
      metadata: z.record(z.string(), z.unknown()),
      price: priceSchema.optional(),
      quotaRemainingFraction: z.number().nullish(),
      quotaResetAtMs: z.number().nullish(),
    }),
  ),
  etag: z.string().nullable().default(null),
  lastRefreshAtMs: z.number().nullable(),
  lastSuccessAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
}) satisfies z.ZodType<{ models: ListedModel[] }>;
export type Snapshot = z.infer<typeof snapshotSchema>;

export interface ProviderCatalog {
  readonly provider: ModelLister['provider'];
  /** The active account's, or the catalog's own name for one where the provider needs none. */
  accountId(): string;
  /** Of the active account: a change of account changes it at once. */
  snapshot(): Snapshot;
  /** Without an account there is nobody to ask for. */
  canRefresh(): boolean;
  /** Asks the provider; a refresh under way is joined. Rejects only when the store cannot be written. */
  refresh(): Promise<void>;
  /** The refresh under way, if any. */
  pending(): Promise<void> | null;
}

export interface ProviderCatalogDeps {
  lister: ModelLister;
  /** Name of the account of providers that need none (`DEV_CREW_MODEL_CATALOG_ACCOUNT_ID`). */
  accountId: string;
  credentials: Pick<Credentials, 'active' | 'renew' | 'observe'>;
  /** Id of the provider's active account; null when it has none. */
  activeAccountId: (provider: ModelLister['provider']) => string | null;
  clock: Clock;
  store: Pick<Store, 'tables' | 'transaction'>;
  /** Longest time of one refresh. */
  timeoutMs: number;
  /** Ends refreshes when the app stops. */
  signal: AbortSignal;
}

const nothing: Snapshot = {
  models: [],
  etag: null,
  lastRefreshAtMs: null,
  lastSuccessAtMs: null,
  lastError: null,
};

/** The models of one provider, for each of its accounts as last known across restarts. */
export function createProviderCatalog(deps: ProviderCatalogDeps): ProviderCatalog {
  const { lister, clock, store } = deps;
  const known = new Map<string, Snapshot>();
  let pending: { accountId: string; done: Promise<void> } | null = null;
  const accountId = (): string => deps.activeAccountId(lister.provider) ?? deps.accountId;
  const keyOf = (account: string): string => `catalog:${lister.provider}:${account}`;
  const snapshotOf = (account: string): Snapshot => {
    const cached = known.get(account);
    if (cached) return cached;
    const stored = snapshotSchema.safeParse(store.tables.values.get(keyOf(account)));
    const snapshot = stored.success ? stored.data : nothing;
    known.set(account, snapshot);
    return snapshot;
  };
  const canRefresh = (): boolean => !lister.needsAccount || deps.activeAccountId(lister.provider) !== null;

  const refresh = async (account: string): Promise<void> => {
    const before = snapshotOf(account);
    const listed = await listInTime(deps, before.etag);
    if (deps.signal.aborted) return;
    const after = next(before, listed, clock.now());
    known.set(account, after);
    store.transaction((tables) => tables.values.set(keyOf(account), after));
  };

  return {
    provider: lister.provider,
    accountId,
    // What an account that is gone could use is not shown.
    snapshot: () => (canRefresh() ? snapshotOf(accountId()) : nothing),
    canRefresh,
    pending: () => pending?.done ?? null,
    refresh: () => {
      if (!canRefresh()) return Promise.resolve();
      const account = accountId();
      if (pending?.accountId === account) return pending.done;
      const mine = {
        accountId: account,
        done: refresh(account).finally(() => {
          if (pending === mine) pending = null;
        }),
      };
      pending = mine;
      return mine.done;
    },
  };
}

function next(before: Snapshot, listed: Listed, nowMs: number): Snapshot {
  if (!listed.ok) return { ...before, lastRefreshAtMs: nowMs, lastError: listed.message };
  const { value } = listed;
  return {
    models: value.changed ? value.models : before.models,
    etag: value.changed ? value.etag : before.etag,
    lastRefreshAtMs: nowMs,
    lastSuccessAtMs: nowMs,
    lastError: null,
  };
}

type Listed = { ok: true; value: ModelList } | { ok: false; message: string };

async function listInTime(deps: ProviderCatalogDeps, etag: string | null): Promise<Listed> {
  const { clock, timeoutMs, signal } = deps;
  const timeout = new AbortController();
  const done = new AbortController();
  clock.sleep(timeoutMs, AbortSignal.any([signal, done.signal])).then(
    () => timeout.abort(),
    () => undefined,
  );
  try {
    const result = await list(deps, etag, AbortSignal.any([signal, timeout.signal]));
    if (result.ok) return result;
    if (timeout.signal.aborted) return { ok: false, message: `No answer within ${timeoutMs / 1000} s.` };
    return { ok: false, message: result.error.message };
  } finally {
    done.abort();
  }
}

async function list(
  { lister, credentials }: ProviderCatalogDeps,
  etag: string | null,
  signal: AbortSignal,
): Promise<Result<ModelList, ModelError>> {
  const known = etag === null ? {} : { etag };
  if (!lister.needsAccount) return lister.list(known, signal);
  const ask = async (credential: Credential): Promise<Result<ModelList, ModelError>> => {
    const listed = await lister.list({ ...known, credential }, signal);
    if (listed.ok && listed.value.quota) credentials.observe(credential, listed.value.quota);
    return listed;
  };
  const active = await credentials.active(lister.provider, signal);
  if (!active.ok) return active;
  const first = await ask(active.value);
  if (first.ok || first.error.kind !== 'auth_expired') return first;
  const renewed = await credentials.renew(active.value, signal);
  return renewed.ok ? ask(renewed.value) : renewed;
}

import type { DeltaPublisher } from './app/delta-publisher.ts';
import type { Environment } from './app/environment.ts';
import type { EventBus } from './app/event-bus.ts';
import { leaseOwner } from './app/lease-owner.ts';
import { createModelCaller } from './app/model-caller.ts';
import { createModelCatalog } from './app/model-catalog.ts';
import { createModelHandlers } from './app/models/model-handlers.ts';
import { createModelPulls } from './app/models/model-pulls.ts';
import { createPriceHandlers } from './app/models/price-handlers.ts';
import { createPrices } from './app/models/prices.ts';
import type { AccountKey, AccountRow } from './app/ports/account-store.ts';
import type { Credentials } from './app/ports/credentials.ts';
import type { Store } from './app/ports/store.ts';
import type { Clock, Ids, Log, ProcessFacts } from './app/ports/system.ts';
import type { SettingsService } from './app/settings-service.ts';
import { quotaView } from './app/accounts/account-views.ts';
import { createLedger } from './app/usage/ledger.ts';
import { accountLimitOf } from './app/usage/limits.ts';
import { retryLimits } from './domain/retry.ts';
import { createHttpFetch } from './infra/llm/http-fetch.ts';
import { createKeyListers, createKeyModels } from './infra/llm/key-providers.ts';
import { createModelRouter } from './infra/llm/model-router.ts';
import { createOllamaLibrary } from './infra/llm/ollama-library.ts';
import { createOllamaLister } from './infra/llm/ollama-lister.ts';
import { createOllamaModel } from './infra/llm/ollama-model.ts';
import { createSubscriptionListers, createSubscriptionModels } from './infra/llm/subscription-providers.ts';
import type { ProviderId } from '../shared/models.ts';

export interface ModelParts {
  environment: Environment;
  store: Store;
  clock: Clock;
  ids: Ids;
  facts: ProcessFacts;
  log: Log;
  settings: Pick<SettingsService, 'current' | 'update'>;
  bus: EventBus;
  deltas: DeltaPublisher;
  credentials: Credentials;
  account: (key: AccountKey) => AccountRow | null;
  activeAccount: (provider: ProviderId) => AccountRow | null;
}

/** The part of the composition root that speaks to models: adapters, catalog, prices, ledger, the one way to call them. */
export function composeModels(parts: ModelParts) {
  const { environment, store, clock, ids, facts, log, bus, deltas, credentials } = parts;
  const settings = parts.settings.current;
  const fetch = createHttpFetch({ proxies: environment.proxies });
  const { endpoints, codexClientVersion } = environment;
  const subscriptions = { fetch, endpoints, codexClientVersion, ...antigravityGate(parts) };
  const ollama = { baseUrl: () => settings().ollama_base_url, fetch };
  const listers = [
    createOllamaLister(ollama),
    ...createKeyListers({ fetch, endpoints }),
    ...createSubscriptionListers(subscriptions),
  ];
  const catalog = createModelCatalog({
    listers,
    clock,
    store,
    log,
    credentials,
    activeAccountId: (provider) => parts.activeAccount(provider)?.accountId ?? null,
    quotaOf: (provider, accountId) => {
      const quota = parts.account({ provider, accountId })?.quota ?? null;
      return quota && quotaView(quota);
    },
    ...environment.catalog,
  });
  const library = createOllamaLibrary(ollama);
  const pulls = createModelPulls({ library, clock });
  const prices = createPrices({ store, clock, listed: catalog.listed });
  const accountLimit = (key: AccountKey) => accountLimitOf(parts.account(key));
  const ledger = createLedger({
    store,
    clock,
    ids,
    facts,
    owner: leaseOwner(facts, ids.uuid()),
    settings,
    accountLimit,
  });
  const caller = createModelCaller({
    model: createModelRouter({
      ollama: createOllamaModel(ollama),
      ...createKeyModels({ fetch, endpoints }),
      ...createSubscriptionModels(subscriptions),
    }),
    credentials,
    clock,
    random: () => Math.random(),
    log,
    ledger,
    prices,
    listed: ({ provider, modelId }) =>
      catalog.listed(provider).models.find((model) => model.modelId === modelId) ?? null,
    settings,
    onForeign: bus.onWake,
    onDelta: deltas.push,
    onDeltaEnd: deltas.end,
    limits: retryLimits(environment.requestTimeoutMs),
  });
  const handlers = {
    ...createModelHandlers({ callModel: caller.call, library, pulls, settings }),
    ...createPriceHandlers(prices),
  };
  const stop = async (): Promise<void> => {
    catalog.stop();
    await pulls.stop();
  };
  return { listers, catalog: { ...catalog, stop }, ledger, accountLimit, caller, handlers };
}

/** Google closing the service to an account takes the user's consent back: calling on would risk more. */
const antigravityGate = ({ settings, log }: ModelParts) => ({
  consented: () => settings.current().antigravity_consent,
  onTermsBreached: () => {
    settings.update({ antigravity_consent: false });
    log.warn('Antigravity was turned off: Google reports a breach of its terms');
  },
});

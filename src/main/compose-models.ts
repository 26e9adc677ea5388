import type { DeltaPublisher } from './app/delta-publisher.ts';
import type { Environment } from './app/environment.ts';
import { createModelCaller } from './app/model-caller.ts';
import { createModelCatalog } from './app/model-catalog.ts';
import type { Store } from './app/ports/store.ts';
import type { Clock, Log } from './app/ports/system.ts';
import { retryLimits } from './domain/retry.ts';
import { createHttpFetch } from './infra/llm/http-fetch.ts';
import { createKeyModels } from './infra/llm/key-providers.ts';
import { createModelRouter } from './infra/llm/model-router.ts';
import { createOllamaLister } from './infra/llm/ollama-lister.ts';
import { createOllamaModel } from './infra/llm/ollama-model.ts';
import type { Settings } from '../shared/settings.ts';

export interface ModelParts {
  environment: Environment;
  store: Store;
  clock: Clock;
  log: Log;
  settings: () => Settings;
  deltas: DeltaPublisher;
}

/** The part of the composition root that speaks to models: adapters, catalog, the one way to call them. */
export function composeModels({ environment, store, clock, log, settings, deltas }: ModelParts) {
  const fetch = createHttpFetch({ proxies: environment.proxies });
  const ollama = { baseUrl: () => settings().ollama_base_url, fetch };
  const listers = [createOllamaLister(ollama)];
  const catalog = createModelCatalog({ listers, clock, store, log, ...environment.catalog });
  const caller = createModelCaller({
    model: createModelRouter({ ollama: createOllamaModel(ollama), ...createKeyModels({ fetch }) }),
    clock,
    random: () => Math.random(),
    store,
    log,
    onDelta: deltas.push,
    onDeltaEnd: deltas.end,
    limits: retryLimits(environment.requestTimeoutMs),
  });
  return { listers, catalog, caller };
}

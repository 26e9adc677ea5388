import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { AppError, Result } from '../../../shared/errors.ts';
import type {
  Catalog,
  ModelPull,
  ModelTest,
  Price,
  PricedModel,
  ProviderId,
} from '../../../shared/models.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface ModelsState {
  catalog: Loadable<Catalog>;
  prices: readonly PricedModel[];
  /** By `provider/model`: the test running, or how it ended. */
  tests: Readonly<Record<string, 'running' | ModelTest | AppError>>;
  pulls: readonly ModelPull[];
}

/** How long one question about pulls stays open, in seconds; the engine answers sooner when one has moved. */
const waitSeconds = 25;

/** The model catalog, prices, one-click tests, and models on their way to this machine. */
export function createModels(client: CrewClient) {
  const store = createStore<ModelsState>(() => ({ catalog: notLoaded, prices: [], tests: {}, pulls: [] }));
  const { getState: get, setState: set } = store;
  let following = false;

  const loadCatalog = async (call: () => Promise<Result<Catalog>>): Promise<void> => {
    set({ catalog: startLoading(get().catalog) });
    set({ catalog: settle(get().catalog, await call()) });
  };
  const load = (): Promise<void> => loadCatalog(() => client.call('llm.models', {}));
  const loadPrices = async (): Promise<void> => {
    const result = await client.call('llm.prices', {});
    if (result.ok) set({ prices: result.value.prices });
  };
  const setTest = (model: string, test: ModelsState['tests'][string]): void =>
    set({ tests: { ...get().tests, [model]: test } });
  const refreshOllama = (): Promise<void> =>
    loadCatalog(async () => {
      const refreshed = await client.call('llm.refresh', { provider: 'ollama' });
      return refreshed.ok ? client.call('llm.models', {}) : refreshed;
    });
  /** Follows the pulls as long as one is under way. */
  const followPulls = async (): Promise<void> => {
    if (following) return;
    following = true;
    for (let waits = 0; ; waits = waitSeconds) {
      const result = await client.call('llm.pulls', { wait_seconds: waits });
      if (!result.ok) break;
      const before = get().pulls;
      set({ pulls: result.value.pulls });
      if (hasArrived(before, result.value.pulls)) await refreshOllama();
      if (!result.value.pulls.some(({ state }) => state === 'pulling')) break;
    }
    following = false;
  };

  return {
    store,
    load: async (): Promise<void> => {
      await Promise.all([load(), loadPrices(), followPulls()]);
    },
    refresh: (): Promise<void> =>
      loadCatalog(async () => {
        const refreshed = await client.call('llm.refresh', {});
        return refreshed.ok ? client.call('llm.models', {}) : refreshed;
      }),
    async test(model: string): Promise<void> {
      setTest(model, 'running');
      const result = await client.call('llm.testModel', { model });
      setTest(model, result.ok ? result.value : result.error);
    },
    async pull(model: string): Promise<Result<ModelPull>> {
      const result = await client.call('llm.pullModel', { model });
      if (result.ok) {
        set({ pulls: [result.value, ...get().pulls.filter((pull) => pull.model !== model)] });
        void followPulls();
      }
      return result;
    },
    async cancelPull(model: string): Promise<Result<ModelPull>> {
      const result = await client.call('llm.cancelPull', { model });
      void followPulls();
      return result;
    },
    async setPrice(provider: ProviderId, modelId: string, price: Price | null): Promise<Result<unknown>> {
      const result = await client.call('llm.setPrice', { provider, model_id: modelId, price });
      if (result.ok) await loadPrices();
      return result;
    },
  };
}

const hasArrived = (before: readonly ModelPull[], now: readonly ModelPull[]): boolean =>
  now.some(
    ({ model, state }) =>
      state === 'done' && before.some((pull) => pull.model === model && pull.state === 'pulling'),
  );
export type Models = ReturnType<typeof createModels>;

import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { Result } from '../../../shared/errors.ts';
import type { InputOf, OutputOf } from '../../../shared/operations.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface NewJobState {
  recent: Loadable<OutputOf<'repos.recent'>>;
  models: Loadable<OutputOf<'llm.models'>>;
  /** What is known of the repository typed in, and which one that was. */
  inspected: Loadable<OutputOf<'repos.inspect'>>;
  inspectedRepo: string | null;
  submitting: boolean;
}

/** What the form for a new job needs from the engine. Its fields belong to the form. */
export function createNewJob(client: CrewClient, newKey: () => string) {
  const store = createStore<NewJobState>(() => ({
    recent: notLoaded,
    models: notLoaded,
    inspected: notLoaded,
    inspectedRepo: null,
    submitting: false,
  }));
  const { getState: get, setState: set } = store;
  let key = newKey();

  return {
    store,
    pickFolder: client.desktop ? () => client.desktop?.pickFolder() ?? Promise.resolve(null) : null,
    async load(): Promise<void> {
      key = newKey();
      set({
        recent: startLoading(get().recent),
        models: startLoading(get().models),
        inspected: notLoaded,
        inspectedRepo: null,
      });
      const models = client.call('llm.models', {});
      set({ recent: settle(get().recent, await client.call('repos.recent', {})) });
      set({ models: settle(get().models, await models) });
    },
    /** The answer for a repository that is no longer the one asked about is dropped. */
    async inspect(repo: string): Promise<void> {
      if (repo === get().inspectedRepo && !get().inspected.error) return;
      set({ inspectedRepo: repo, inspected: { ...notLoaded, loading: repo !== '' } });
      if (repo === '') return;
      const result = await client.call('repos.inspect', { repo });
      if (get().inspectedRepo === repo) set({ inspected: settle(notLoaded, result) });
    },
    /** One form makes one job however often it is sent: the key changes only after a refusal or a success. */
    async submit(
      input: Omit<InputOf<'jobs.create'>, 'idempotency_key'>,
    ): Promise<Result<{ job_id: string }>> {
      set({ submitting: true });
      const result = await client.call('jobs.create', { ...input, idempotency_key: key });
      const isUncertain =
        !result.ok && (result.error.code === 'unavailable' || result.error.code === 'internal');
      if (!isUncertain) key = newKey();
      set({ submitting: false });
      return result;
    },
  };
}
export type NewJobStore = ReturnType<typeof createNewJob>;

import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { AppError } from '../../../shared/errors.ts';
import {
  type SettingName,
  type Settings,
  type SettingsView,
  settingsSchema,
} from '../../../shared/settings.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface SettingsState {
  view: Loadable<SettingsView>;
  /** Names being saved now. */
  saving: ReadonlySet<SettingName>;
}

/** `invalid` is found before anything is sent; a failure of the engine comes with its error. */
export type SaveResult = { ok: true } | { ok: false; error: AppError | 'invalid' };

export function createSettings(client: CrewClient) {
  const store = createStore<SettingsState>(() => ({ view: notLoaded, saving: new Set() }));
  const { getState: get, setState: set } = store;

  return {
    store,
    async load(): Promise<void> {
      set({ view: startLoading(get().view) });
      set({ view: settle(get().view, await client.call('settings.get', {})) });
    },
    async save(name: SettingName, value: Settings[SettingName]): Promise<SaveResult> {
      if (!isPossible(name, value)) return { ok: false, error: 'invalid' };
      set({ saving: new Set([...get().saving, name]) });
      const result = await client.call('settings.update', { values: { [name]: value } });
      set({ saving: new Set([...get().saving].filter((other) => other !== name)) });
      if (!result.ok) return { ok: false, error: result.error };
      set({ view: settle(get().view, result) });
      return { ok: true };
    },
  };
}
export type SettingsStore = ReturnType<typeof createSettings>;

/** Checked without the defaults: an empty field is not a wish for the default. */
export const isPossible = (name: SettingName, value: unknown): boolean =>
  settingsSchema.shape[name].unwrap().safeParse(value).success;

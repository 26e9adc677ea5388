import { createStore } from 'zustand/vanilla';
import type { Login } from '../../../shared/accounts.ts';
import type { CrewClient } from '../../../shared/client.ts';
import type { Result } from '../../../shared/errors.ts';
import type { InputOf, OutputOf } from '../../../shared/operations.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface AccountsState {
  list: Loadable<OutputOf<'accounts.list'>>;
  /** The sign-in that the page shows now. */
  login: Login | null;
}

/** How long one question about a sign-in stays open, in seconds; the engine answers sooner when it ends. */
const waitSeconds = 25;

export const isUnderWay = ({ state }: Login): boolean => state === 'waiting' || state === 'exchanging';

/** Accounts of all providers, and the sign-in under way. Holds no key and no token: a key goes straight to the engine. */
export function createAccounts(client: CrewClient) {
  const store = createStore<AccountsState>(() => ({ list: notLoaded, login: null }));
  const { getState: get, setState: set } = store;

  const load = async (): Promise<void> => {
    set({ list: startLoading(get().list) });
    set({ list: settle(get().list, await client.call('accounts.list', {})) });
  };
  const reloaded = async <T>(result: Result<T>): Promise<Result<T>> => {
    if (result.ok) await load();
    return result;
  };
  /** Follows a sign-in until it ends or another is shown. */
  const follow = async (loginId: string): Promise<void> => {
    for (;;) {
      const result = await client.call('accounts.login', { login_id: loginId, wait_seconds: waitSeconds });
      if (get().login?.login_id !== loginId || !result.ok) return;
      set({ login: result.value });
      if (isUnderWay(result.value)) continue;
      await load();
      return;
    }
  };
  const show = (login: Login): void => {
    set({ login });
    if (isUnderWay(login)) void follow(login.login_id);
  };

  return {
    store,
    load,
    show,
    close: () => set({ login: null }),
    async startLogin(input: InputOf<'accounts.startLogin'>): Promise<Result<Login>> {
      const result = await client.call('accounts.startLogin', input);
      if (result.ok) show(result.value);
      return result;
    },
    async paste(text: string): Promise<Result<Login> | null> {
      const login = get().login;
      if (!login) return null;
      const result = await client.call('accounts.pasteLogin', { login_id: login.login_id, text });
      if (result.ok) set({ login: result.value });
      return reloaded(result);
    },
    async cancelLogin(): Promise<void> {
      const login = get().login;
      set({ login: null });
      if (login && isUnderWay(login)) await client.call('accounts.cancelLogin', { login_id: login.login_id });
      await load();
    },
    addKey: async (input: InputOf<'accounts.addKey'>) =>
      reloaded(await client.call('accounts.addKey', input)),
    update: async (input: InputOf<'accounts.update'>) =>
      reloaded(await client.call('accounts.update', input)),
    signOut: async (input: InputOf<'accounts.signOut'>) =>
      reloaded(await client.call('accounts.signOut', input)),
  };
}
export type Accounts = ReturnType<typeof createAccounts>;

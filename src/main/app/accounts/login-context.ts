import type { LoginState } from '../ports/account-store.ts';
import type { ListenLoopback, LoopbackListener } from '../ports/loopback.ts';
import type { AccountDeps } from './account-deps.ts';
import type { AccountSecrets } from './account-secrets.ts';

/** A sign-in that this process listens for. */
export interface OpenLogin {
  /** Aborted when it has ended, however. */
  ended: AbortController;
  listener: LoopbackListener | null;
}

export interface LoginContext {
  deps: AccountDeps;
  secrets: AccountSecrets;
  listen: ListenLoopback;
  /** Names this installation to providers; a UUID. */
  installationId: () => string;
  /** By login id. */
  open: Map<string, OpenLogin>;
  /** Tells those who `watch` to look. */
  changed: () => void;
  /** Calls back whenever a sign-in may have changed, here or in another process. Returns the stop. */
  watch: (onChange: () => void) => () => void;
}

export function createLoginContext(
  parts: Pick<LoginContext, 'deps' | 'secrets' | 'listen' | 'installationId'>,
): LoginContext {
  const watchers = new Set<() => void>();
  return {
    ...parts,
    open: new Map(),
    changed: () => [...watchers].forEach((onChange) => onChange()),
    watch: (onChange) => {
      watchers.add(onChange);
      const stop = parts.deps.store.onForeignCommit(onChange);
      return () => {
        watchers.delete(onChange);
        stop();
      };
    },
  };
}

export const isOver = (state: LoginState | undefined): boolean =>
  state !== 'waiting' && state !== 'exchanging';

/** How long a sign-in may take, in ms. */
export const loginLifeMs = 600_000;
/** How long one that ended is still told of, in ms. */
export const endedLoginLifeMs = 3_600_000;

/** Stops listening for it. Resolves when its port is free; an answer that came first gets its page before. */
export async function closeLogin({ open }: LoginContext, loginId: string): Promise<void> {
  const login = open.get(loginId);
  if (login === undefined) return;
  open.delete(loginId);
  login.ended.abort();
  await login.listener?.close();
}

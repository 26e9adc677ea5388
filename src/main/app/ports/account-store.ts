import type { LoginMethod } from '../../../shared/accounts.ts';
import type { ProviderId } from '../../../shared/models.ts';
import type { QuotaReading } from '../../domain/model-messages.ts';

/** Tables of accounts and sign-in. Times are epoch milliseconds. None but `secrets` holds a secret, and that one sealed. */

export interface AccountKey {
  provider: ProviderId;
  accountId: string;
}

export interface AccountRow extends AccountKey {
  /** What the user calls it. */
  name: string;
  kind: 'oauth' | 'api_key' | 'none';
  email: string | null;
  plan: string | null;
  /** Of a server of the user's own, without a slash at its end; null means the provider's. */
  baseUrl: string | null;
  /** At most one of a provider. */
  active: boolean;
  state: 'ok' | 'signed_out';
  /** Why it is signed out and what to do; empty otherwise. */
  detail: string;
  /** Not secret: what calls need beside the token, and what a later sign-in starts from. */
  facts: Record<string, string>;
  createdAtMs: number;
  lastUsedAtMs: number | null;
  expiresAtMs: number | null;
  quota: QuotaReading | null;
  /** Calls wait until then. */
  blockedUntilMs: number | null;
  maxCostUsdPerDay: number | null;
  maxTokensPerDay: number | null;
}

export interface AccountsTable {
  /** By provider, then account id. */
  list(): AccountRow[];
  get(key: AccountKey): AccountRow | null;
  active(provider: ProviderId): AccountRow | null;
  /** Inserts or replaces all but the refresh lease and `active`, which only `activate` changes. */
  save(row: AccountRow): void;
  /** Makes it the one of its provider that calls are made with. */
  activate(key: AccountKey): void;
  remove(key: AccountKey): void;
  /**
   * Leases the right to spend the account's refresh token, which may be used once only. False while somebody else holds
   * it, unless that is `deadOwner`.
   */
  claimRefresh(
    key: AccountKey,
    lease: { owner: string; nowMs: number; endMs: number; deadOwner: string | null },
  ): boolean;
  refreshLease(key: AccountKey): { owner: string; endMs: number } | null;
  releaseRefresh(key: AccountKey, owner: string): void;
}

/** A value encrypted with the key of that id. */
export interface SealedSecret {
  keyId: string;
  sealed: Uint8Array;
}
export interface SecretsTable {
  get(name: string): SealedSecret | null;
  set(name: string, secret: SealedSecret, atMs: number): void;
  remove(name: string): void;
}

export type LoginState = 'waiting' | 'exchanging' | 'done' | 'failed' | 'canceled' | 'expired';
export interface LoginRow extends AccountKey {
  loginId: string;
  method: LoginMethod;
  state: LoginState;
  redirectUri: string | null;
  listening: boolean;
  notice: string;
  userCode: string | null;
  verificationUrl: string | null;
  error: string | null;
  language: 'en' | 'ko' | null;
  /** Longest time of one HTTP request of this sign-in. */
  httpTimeoutMs: number;
  createdAtMs: number;
  expiresAtMs: number;
  /** The process that listens for its answer (`leaseOwner`). */
  owner: string;
}
export interface LoginsTable {
  insert(row: LoginRow): void;
  get(loginId: string): LoginRow | null;
  /** Those under way, oldest first; with `sinceMs` also those that ended and were begun at or after it. */
  list(sinceMs?: number): LoginRow[];
  update(row: LoginRow): void;
  /** From one state to the next; false when it is in another by now. */
  move(loginId: string, from: LoginState, to: LoginState): boolean;
  /** Forgets ended ones that were begun before. */
  removeEnded(beforeMs: number): void;
}

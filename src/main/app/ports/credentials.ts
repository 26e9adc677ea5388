import type { ProviderId } from '../../../shared/models.ts';
import type { Result } from '../../../shared/errors.ts';
import type { ModelError, QuotaReading } from '../../domain/model-messages.ts';

/** What a call of a provider is made with. Lives in memory only; never logged, stored or sent to a page. */
export interface Credential {
  provider: ProviderId;
  accountId: string;
  kind: 'oauth' | 'api_key' | 'none';
  /** Access token or API key; empty for `none`. */
  secret: string;
  /** Where the account's server is, when not at the provider's own address. Without a trailing slash. */
  baseUrl: string | null;
  /** Not secret, by provider: `chatgpt_account_id`, `project_id`, … */
  facts: Readonly<Record<string, string>>;
}

/** The active accounts of the providers, for those who call them. */
export interface Credentials {
  /**
   * The credential of the provider's active account, its token refreshed when less than 5 minutes are left. Fails with
   * `auth_invalid` (no account, signed out: the message says how to sign in), `auth_expired` (could not be refreshed
   * now), `quota_exhausted` (the account is gated until its reset), or `unsupported` (the provider's warning
   * has not been accepted).
   */
  active(provider: ProviderId, signal: AbortSignal): Promise<Result<Credential, ModelError>>;
  /** After a 401: reads the store again and refreshes once unless somebody has; else as `active`. */
  renew(stale: Credential, signal: AbortSignal): Promise<Result<Credential, ModelError>>;
  /** The provider said that the account has nothing left until then (epoch ms; null: not known, 5 minutes). */
  gate(credential: Pick<Credential, 'provider' | 'accountId'>, resetsAtMs: number | null): void;
  /** A reading of the account's quota, to be shown. */
  observe(credential: Pick<Credential, 'provider' | 'accountId'>, quota: QuotaReading): void;
}

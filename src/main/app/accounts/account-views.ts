import type { Account, ProviderInfo, SecretStoreStatus } from '../../../shared/accounts.ts';
import { providers, type Quota } from '../../../shared/models.ts';
import type { QuotaReading } from '../../domain/model-messages.ts';
import type { AccountRow } from '../ports/account-store.ts';
import type { AccountDeps } from './account-deps.ts';
import { providerFacts } from './provider-facts.ts';

const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** A reading of a quota as a page sees it. */
export const quotaView = ({ plan, windows }: QuotaReading): Quota => ({
  plan,
  windows: windows.map(({ label, usedPercent, resetAtMs }) => ({
    label,
    used_percent: usedPercent,
    reset_at: iso(resetAtMs),
  })),
});

/** An account as a page sees it. `locked`: it is signed in, and nobody can get at its secret now. */
export function accountView(row: AccountRow, secrets: SecretStoreStatus, nowMs: number): Account {
  const locked = row.state === 'ok' && row.kind !== 'none' && secrets.state !== 'ok';
  const blocked = row.blockedUntilMs !== null && row.blockedUntilMs > nowMs;
  return {
    provider: row.provider,
    account_id: row.accountId,
    name: row.name,
    kind: row.kind,
    email: row.email,
    plan: row.plan,
    base_url: row.baseUrl,
    active: row.active,
    state: locked ? 'locked' : row.state,
    detail: locked ? `${secrets.detail}. ${secrets.advice}` : row.detail,
    created_at: new Date(row.createdAtMs).toISOString(),
    last_used_at: iso(row.lastUsedAtMs),
    expires_at: iso(row.expiresAtMs),
    quota: row.quota && quotaView(row.quota),
    blocked_until: blocked ? iso(row.blockedUntilMs) : null,
    max_cost_usd_per_day: row.maxCostUsdPerDay,
    max_tokens_per_day: row.maxTokensPerDay,
  };
}

/** What each provider offers. */
export const providerInfos = ({ providers: signIn, consented }: AccountDeps): ProviderInfo[] =>
  providers.map((provider) => {
    const facts = providerFacts[provider];
    return {
      provider,
      name: facts.name,
      methods: [...facts.methods],
      custom_base_url: facts.customBaseUrl,
      default_base_url: facts.defaultBaseUrl,
      key_url: facts.keyUrl,
      consent: facts.consent === null ? null : { text: facts.consent, given: consented(provider) },
      missing: signIn(provider)?.missing({}) ?? null,
    };
  });

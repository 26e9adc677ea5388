import type { Credential } from '../../src/main/app/ports/credentials.ts';
import type { ProviderId } from '../../src/shared/models.ts';

/** An account with an API key; without one where `key` is empty. */
export const credentialOf = (
  provider: ProviderId,
  key = 'test-key',
  baseUrl: string | null = null,
): Credential => ({
  provider,
  accountId: 'default',
  kind: key === '' ? 'none' : 'api_key',
  secret: key,
  baseUrl,
  facts: {},
});

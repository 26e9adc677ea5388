import { fail, ok, type Result } from '../../shared/errors.ts';
import { providers, type ProviderId } from '../../shared/models.ts';
import { parseBaseUrl } from '../domain/base-url.ts';

/** Addresses of providers that stand in for their own, for accounts that name none. */
export type Endpoints = Partial<Record<ProviderId, string>>;

/** `DEV_CREW_<PROVIDER>_BASE_URL`: for a gateway in between, and for tests. Ollama's is a setting. */
export function readEndpoints(env: Readonly<Record<string, string | undefined>>): Result<Endpoints> {
  const endpoints: Endpoints = {};
  for (const provider of providers) {
    const variable = `DEV_CREW_${provider.replaceAll('-', '_').toUpperCase()}_BASE_URL`;
    const value = env[variable];
    if (provider === 'ollama' || value === undefined || value === '') continue;
    if (parseBaseUrl(value) === null)
      return fail(
        'invalid_input',
        `${variable}: takes an http or https address, for example https://host.example/v1`,
      );
    endpoints[provider] = value;
  }
  return ok(endpoints);
}

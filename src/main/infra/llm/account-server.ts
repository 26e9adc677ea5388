import type { Credential } from '../../app/ports/credentials.ts';
import { parseBaseUrl } from '../../domain/base-url.ts';
import type { ProviderId } from '../../../shared/models.ts';
import type { ApiServer } from './api-http.ts';
import type { HttpFetch } from './http-fetch.ts';
import { ModelFailure } from './model-failure.ts';

/** A provider as its accounts see it. */
export interface AccountProvider {
  provider: ProviderId;
  /** For messages. */
  name: string;
  needsKey: boolean;
  /** Where its errors mean something of their own. */
  errorOf?: ApiServer['errorOf'];
  /** Changes an address that a user gave, where the usual way to write it lacks a part. */
  complete?: (baseUrl: string) => string;
}

/** Where and how an account is called. */
export interface AccountServer {
  server: ApiServer;
  /** Without a trailing slash. */
  baseUrl: string;
  /** Empty where the account has none. */
  key: string;
  /** Header for credentials that stood in the address. */
  authorization: string | null;
}

/** `endpoint` for accounts that name no address. Throws ModelFailure for an account that cannot be called with. */
export function serverOfAccount(
  of: AccountProvider,
  to: { http: HttpFetch; endpoint: string; credential: Credential | undefined; model: string },
): AccountServer {
  const { name } = of;
  // A key must never reach another provider than its own.
  const account = to.credential?.provider === of.provider ? to.credential : undefined;
  const key = account?.secret ?? '';
  if (key === '' && of.needsKey)
    throw new ModelFailure({
      kind: 'auth_invalid',
      message: `There is no account for ${name}. Add one on the Accounts page.`,
    });
  const base = parseBaseUrl(account?.baseUrl ?? to.endpoint);
  if (base === null)
    throw new ModelFailure({
      kind: 'network',
      reached: false,
      message: `The address of ${name} is not a URL. Change it on the Accounts page.`,
    });
  const baseUrl = of.complete?.(base.url) ?? base.url;
  const secrets = [key, ...secretsOf(base.authorization)].filter((secret) => secret !== '');
  const { http, model } = to;
  const server: ApiServer = { http, name, model, address: baseUrl, secrets, errorOf: of.errorOf };
  return { server, baseUrl, key, authorization: base.authorization };
}

/** Credentials that stood in an address, as they are sent and as they are. */
function secretsOf(authorization: string | null): string[] {
  if (authorization === null) return [];
  const sent = authorization.replace(/^Basic /, '');
  const given = Buffer.from(sent, 'base64').toString();
  return [sent, given.slice(given.indexOf(':') + 1)];
}

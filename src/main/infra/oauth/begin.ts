import { calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { BeginRequest, OAuthClient, PendingLogin } from '../../app/ports/oauth.ts';
import type { Endpoints } from './endpoints.ts';

/** The client of a sign-in: the user's own for it, else the configured one. */
export function clientFor(endpoints: Endpoints, own: Partial<OAuthClient>): Partial<OAuthClient> {
  const secret = own.secret ?? endpoints.clientSecret;
  const id = own.id ?? endpoints.clientId ?? undefined;
  return { ...(id === undefined ? {} : { id }), secret };
}

/** State, verifier and nonce, each random and on its own, and the address that carries the first and the hash of the second. */
export async function beginLogin(
  endpoints: Endpoints,
  { redirectUri, client }: BeginRequest,
  more: (nonce: string) => Readonly<Record<string, string>>,
  expected: PendingLogin['expected'] = { subject: null, clientId: null },
): Promise<PendingLogin> {
  const { id = '', secret = null } = clientFor(endpoints, client);
  const state = randomState();
  const codeVerifier = randomPKCECodeVerifier();
  const nonce = randomNonce();
  const url = new URL(endpoints.authorizeUrl);
  const parameters = {
    response_type: 'code',
    client_id: id,
    redirect_uri: redirectUri,
    scope: endpoints.scopes,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...more(nonce),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return {
    state,
    codeVerifier,
    nonce,
    client: { id, secret },
    redirectUri,
    authorizeUrl: url.href,
    device: null,
    expected,
  };
}

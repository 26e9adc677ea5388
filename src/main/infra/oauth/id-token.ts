import { createRemoteJWKSet, customFetch as joseFetch, errors, jwtVerify } from 'jose';
import { allowInsecureRequests, customFetch, discovery, None } from 'openid-client';
import { err, ok, type Result } from '../../../shared/errors.ts';
import type { CallLimits, OAuthFailure } from '../../app/ports/oauth.ts';
import { isLoopbackHost } from '../../domain/base-url.ts';
import type { WebFetch } from './oauth-http.ts';

export interface IdTokenChecks {
  issuer: string;
  audience: string;
  nonce: string;
  /** On a returning sign-in: the one who signed in before. */
  subject: string | null;
  /** By the server's clock, in ms: ours may be wrong. */
  nowMs: number;
}

/** What two clocks of the provider's own may differ by, in seconds. */
const toleranceSeconds = 120;

/** Verifies an id token by the keys that its issuer publishes (OpenID Connect Core §3.1.3.7). Returns its subject. */
export async function verifyIdToken(
  fetch: WebFetch,
  token: string,
  { issuer, audience, nonce, subject, nowMs }: IdTokenChecks,
  { signal, requestMs }: CallLimits,
): Promise<Result<{ subject: string }, OAuthFailure>> {
  const limited: WebFetch = (url, init) =>
    fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]) });
  try {
    const server = new URL(issuer);
    const isLocal = server.protocol === 'http:' && isLoopbackHost(server.hostname);
    // Marked as deprecated to stand out; elsewhere than on this machine http is refused.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const plainHttp = isLocal ? [allowInsecureRequests] : [];
    const configuration = await discovery(server, audience, undefined, None(), {
      [customFetch]: (url, options) => limited(url, options as RequestInit),
      execute: plainHttp,
    });
    const { jwks_uri: jwksUri } = configuration.serverMetadata();
    if (jwksUri === undefined) return refused('its issuer publishes no keys');
    const keys = createRemoteJWKSet(new URL(jwksUri), { [joseFetch]: limited });
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(nowMs),
      clockTolerance: toleranceSeconds,
    });
    if (payload['nonce'] !== nonce) return refused('it was made for another sign-in');
    if (subject !== null && payload.sub !== subject)
      return refused('it is of another person than this account; add another account for them');
    return ok({ subject: payload.sub ?? '' });
  } catch (error) {
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout))
      return refused(error.message);
    return err({
      kind: 'transient',
      message: `The identity that ${new URL(issuer).host} sent could not be checked now: try again`,
    });
  }
}

const refused = (reason: string): Result<never, OAuthFailure> =>
  err({
    kind: 'denied',
    message: `The identity that the provider sent is not valid: ${reason.slice(0, 200)}`,
  });

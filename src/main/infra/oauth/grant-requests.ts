import { err, ok, type Result } from '../../../shared/errors.ts';
import type {
  CallLimits,
  Grant,
  OAuthClient,
  OAuthFailure,
  OAuthTokens,
  PendingLogin,
} from '../../app/ports/oauth.ts';
import type { Endpoints } from './endpoints.ts';
import { exchangeFailure, refreshFailure } from './oauth-errors.ts';
import { unreachable, type OAuthAnswer, type OAuthHttp } from './oauth-http.ts';
import { tokensOf } from './token-answer.ts';

export interface FlowDeps {
  endpoints: Endpoints;
  http: OAuthHttp;
  now: () => number;
  /** Waits between looks. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Tokens with the answer that they came in, whose clock a verification needs. */
export interface Exchanged {
  tokens: OAuthTokens;
  answer: OAuthAnswer;
}

const withSecret = ({ id, secret }: OAuthClient): Record<string, string> => ({
  client_id: id,
  ...(secret === null ? {} : { client_secret: secret }),
});

/** The code and the verifier for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export async function exchangeCode(
  { endpoints, http, now }: FlowDeps,
  pending: PendingLogin,
  client: OAuthClient,
  code: string,
  limits: CallLimits,
  more: Readonly<Record<string, string>> = {},
): Promise<Result<Exchanged, OAuthFailure>> {
  const { tokenUrl } = endpoints;
  const { codeVerifier, redirectUri } = pending;
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    ...withSecret(client),
    ...more,
  };
  const answer = await http.postForm(tokenUrl, form, limits);
  if (answer === null) return err(unreachable(tokenUrl));
  const { host } = new URL(tokenUrl);
  if (answer.status !== 200)
    return err(exchangeFailure(answer, host, [code, codeVerifier, client.secret ?? '']));
  const tokens = tokensOf(answer, null, now());
  return tokens === null
    ? err({ kind: 'transient', message: `${host} answered the sign-in without a token: try again` })
    : ok({ tokens, answer });
}

/** New tokens for the refresh token; what the answer leaves out stays as it was. */
export async function refreshTokens(
  { endpoints, http, now }: FlowDeps,
  { tokens, client }: Grant,
  limits: CallLimits,
  more: Readonly<Record<string, string>> = {},
): Promise<Result<Exchanged, OAuthFailure>> {
  const { tokenUrl } = endpoints;
  if (tokens.refreshToken === null)
    return err({
      kind: 'denied',
      message: 'The provider gave nothing to renew this sign-in with. Sign in again.',
    });
  const form = {
    grant_type: 'refresh_token',
    refresh_token: tokens.refreshToken,
    ...withSecret(client),
    ...more,
  };
  const answer = await http.postForm(tokenUrl, form, limits);
  if (answer === null) return err(unreachable(tokenUrl));
  const { host } = new URL(tokenUrl);
  if (answer.status !== 200) return err(refreshFailure(answer, host));
  const renewed = tokensOf(answer, tokens, now());
  return renewed === null || renewed.accessToken === tokens.accessToken
    ? err({ kind: 'transient', message: `${host} renewed the sign-in without a new token: try again later` })
    : ok({ tokens: renewed, answer });
}

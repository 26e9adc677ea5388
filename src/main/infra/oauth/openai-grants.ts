import { ok, type Result } from '../../../shared/errors.ts';
import type { CallLimits, Grant, OAuthFailure } from '../../app/ports/oauth.ts';
import { refreshTokens, type FlowDeps } from './grant-requests.ts';
import { openaiIdentity } from './openai-claims.ts';

/** New tokens; what they tell of their user stands over what was known. */
export async function refreshAtOpenai(
  deps: FlowDeps,
  grant: Grant,
  limits: CallLimits,
  more: Readonly<Record<string, string>> = {},
): Promise<Result<Grant, OAuthFailure>> {
  const renewed = await refreshTokens(deps, grant, limits, more);
  if (!renewed.ok) return renewed;
  const { tokens } = renewed.value;
  return ok({ ...grant, tokens, identity: openaiIdentity(tokens, grant.identity) });
}

/** True when OpenAI confirmed that the grant is over. */
export async function revokeAtOpenai(
  { endpoints, http }: FlowDeps,
  { tokens, client }: Grant,
  limits: CallLimits,
): Promise<boolean> {
  if (endpoints.revokeUrl === null) return false;
  const hint = tokens.refreshToken === null ? 'access_token' : 'refresh_token';
  const token = tokens.refreshToken ?? tokens.accessToken;
  const body = { token, token_type_hint: hint, client_id: client.id };
  const answer = await http.postJson(endpoints.revokeUrl, body, limits);
  return answer !== null && answer.status >= 200 && answer.status < 300;
}

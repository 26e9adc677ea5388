import { z } from 'zod';
import type { OAuthTokens } from '../../app/ports/oauth.ts';
import { claimsOf } from './jwt.ts';
import type { OAuthAnswer } from './oauth-http.ts';

const text = z.string().min(1).nullish().catch(null);
const seconds = z.coerce.number().positive().nullish().catch(null);
/** Every field is optional: what is missing in a refresh stays as it was. */
const answerSchema = z.object({
  access_token: text,
  refresh_token: text,
  id_token: text,
  expires_in: seconds,
  /** Epoch seconds, or ISO 8601. */
  earliest_refresh_at: z.union([z.number(), z.string()]).nullish().catch(null),
  scope: z.string().nullish().catch(null),
});

/**
 * The tokens of an answer over those there were; null when there is no access token in either. Times are counted from
 * the receipt, and absolute ones of the server are moved by how far its clock is from ours.
 */
export function tokensOf(
  { json, skewMs }: OAuthAnswer,
  previous: OAuthTokens | null,
  nowMs: number,
): OAuthTokens | null {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return null;
  const answer = parsed.data;
  const accessToken = answer.access_token ?? previous?.accessToken;
  if (accessToken === undefined) return null;
  const isNew = answer.access_token != null;
  return {
    accessToken,
    refreshToken: answer.refresh_token ?? previous?.refreshToken ?? null,
    idToken: answer.id_token ?? previous?.idToken ?? null,
    issuedAtMs: nowMs,
    expiresAtMs: isNew
      ? expiryOf(accessToken, answer.expires_in ?? null, nowMs, skewMs)
      : (previous?.expiresAtMs ?? null),
    earliestRefreshAtMs: timeOf(answer.earliest_refresh_at ?? null, skewMs),
    scope: answer.scope ?? previous?.scope ?? null,
  };
}

/** `expires_in`, else the token's own `exp`, by its lifetime where it tells when it was issued. */
function expiryOf(token: string, expiresIn: number | null, nowMs: number, skewMs: number): number | null {
  if (expiresIn !== null) return nowMs + expiresIn * 1000;
  const { exp, iat } = claimsOf(token);
  if (typeof exp !== 'number') return null;
  if (typeof iat === 'number' && exp > iat) return nowMs + (exp - iat) * 1000;
  return exp * 1000 - skewMs;
}

function timeOf(value: number | string | null, skewMs: number): number | null {
  if (value === null) return null;
  const number = Number(value);
  // Seconds until the year 5138; milliseconds otherwise.
  const atMs = Number.isNaN(number) ? Date.parse(String(value)) : number < 1e11 ? number * 1000 : number;
  return Number.isNaN(atMs) ? null : atMs - skewMs;
}

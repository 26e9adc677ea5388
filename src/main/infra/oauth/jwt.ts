import { decodeJwt } from 'jose';

type Claims = Record<string, unknown>;

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Claims of a token, without looking at its signature: good for what to show and to send back, no proof of anything.
 * Empty for what is no JWT, or one whose payload is no object.
 */
export function claimsOf(token: string | null): Claims {
  if (token === null) return {};
  try {
    const claims: unknown = decodeJwt(token);
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** A text at a path of claims; null when something else is there. */
export function textAt(claims: Claims, ...path: readonly (string | number)[]): string | null {
  let value: unknown = claims;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key];
    else if (isRecord(value) && typeof key === 'string' && Object.hasOwn(value, key)) value = value[key];
    else return null;
  }
  return typeof value === 'string' && value !== '' ? value : null;
}

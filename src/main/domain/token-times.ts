/** How long before its end a token is refreshed, in ms (compatibility.md §5: 300 s). */
export const refreshLeewayMs = 300_000;

export interface TokenTimes {
  issuedAtMs: number;
  /** Null: not known, so only a refusal tells. */
  expiresAtMs: number | null;
  /** The provider refuses a refresh before. */
  earliestRefreshAtMs: number | null;
}

/** Should it be refreshed before a call. A token that lives no longer than twice the leeway is used for half its life. */
export function isDue({ issuedAtMs, expiresAtMs }: TokenTimes, nowMs: number): boolean {
  if (expiresAtMs === null) return false;
  const leewayMs = Math.min(refreshLeewayMs, Math.max(0, expiresAtMs - issuedAtMs) / 2);
  return nowMs >= expiresAtMs - leewayMs;
}

export const isUsable = ({ expiresAtMs }: TokenTimes, nowMs: number): boolean =>
  expiresAtMs === null || nowMs < expiresAtMs;

/** May the provider be asked now. */
export const mayRefresh = ({ earliestRefreshAtMs }: TokenTimes, nowMs: number): boolean =>
  earliestRefreshAtMs === null || nowMs >= earliestRefreshAtMs;

import { z } from 'zod';
import type { QuotaReading } from '../../domain/model-messages.ts';

/** A number, also as text: headers have nothing else. */
const count = z.coerce.number().nullish().catch(null);

/** A window of the plan, in each of the forms that it comes in (llm-protocols.md §2.1). Times in seconds. */
const windowSchema = z.looseObject({
  used_percent: z.coerce.number(),
  window_minutes: count,
  limit_window_seconds: count,
  reset_at: count,
  resets_in_seconds: count,
  reset_after_seconds: count,
});
const maybeWindow = windowSchema.nullish().catch(null);

const eventSchema = z.looseObject({
  plan_type: z.string().nullish().catch(null),
  rate_limits: z.looseObject({ primary: maybeWindow, secondary: maybeWindow }),
});

const usageSchema = z.looseObject({
  plan_type: z.string().nullish().catch(null),
  rate_limit: z
    .looseObject({ primary_window: maybeWindow, secondary_window: maybeWindow })
    .nullish()
    .catch(null),
});

type Window = z.infer<typeof windowSchema>;

/** Of an answer's `x-codex-…` headers; null when it has none. */
export function quotaOfHeaders(
  headers: { get(name: string): string | null },
  nowMs: number,
): QuotaReading | null {
  const windowOf = (which: 'primary' | 'secondary'): Window | null => {
    const value = (name: string): string | null => headers.get(`x-codex-${which}-${name}`);
    const used = value('used-percent');
    if (used === null || used.trim() === '') return null;
    const parsed = windowSchema.safeParse({
      used_percent: used,
      window_minutes: value('window-minutes'),
      reset_at: value('reset-at'),
    });
    return parsed.data ?? null;
  };
  return readingOf(null, [windowOf('primary'), windowOf('secondary')], nowMs);
}

/** Of a `codex.rate_limits` event; null when it tells nothing. */
export function quotaOfEvent(event: unknown, nowMs: number): QuotaReading | null {
  const parsed = eventSchema.safeParse(event).data;
  if (parsed === undefined) return null;
  const { primary, secondary } = parsed.rate_limits;
  return readingOf(parsed.plan_type ?? null, [primary, secondary], nowMs);
}

/** Of the answer of `wham/usage`; null when it is something else. */
export function quotaOfUsage(body: unknown, nowMs: number): QuotaReading | null {
  const parsed = usageSchema.safeParse(body).data;
  if (parsed === undefined) return null;
  const { primary_window, secondary_window } = parsed.rate_limit ?? {};
  return readingOf(parsed.plan_type ?? null, [primary_window, secondary_window], nowMs);
}

/** When the account can be used again, as far as its full windows tell: all of them must have ended. */
export function fullUntilMs({ windows }: QuotaReading): number | null {
  const resets = windows.flatMap((window) => (window.usedPercent >= 100 ? [window.resetAtMs ?? 0] : []));
  const last = Math.max(0, ...resets);
  return last === 0 ? null : last;
}

function readingOf(
  plan: string | null,
  windows: readonly (Window | null | undefined)[],
  nowMs: number,
): QuotaReading | null {
  const known = windows.flatMap((window) => (window == null ? [] : [window]));
  if (known.length === 0 && plan === null) return null;
  return {
    plan,
    windows: known.map((window) => ({
      label: labelOf(window),
      usedPercent: Math.min(100, Math.max(0, window.used_percent)),
      resetAtMs: resetOf(window, nowMs),
    })),
  };
}

/** `5h`, `7d`: windows are told some seconds short of their length. */
function labelOf({ window_minutes, limit_window_seconds }: Window): string {
  const hours = Math.round((window_minutes ?? (limit_window_seconds ?? 0) / 60) / 60);
  if (hours <= 0) return 'limit';
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

function resetOf({ reset_at, resets_in_seconds, reset_after_seconds }: Window, nowMs: number): number | null {
  if (reset_at != null && reset_at > 0) return reset_at * 1000;
  const inSeconds = resets_in_seconds ?? reset_after_seconds;
  return inSeconds == null ? null : nowMs + inSeconds * 1000;
}

import { z } from 'zod';
import { hideSecrets } from './hide-secrets.ts';
import { retryAfterOf } from './http-errors.ts';
import { oneLine } from './model-failure.ts';

/** What a provider says of a failure, in a body or in the middle of a stream, whatever the protocol. */
export interface ApiFailure {
  /** HTTP status; of an error in a stream the one it names, or null. */
  status: number | null;
  /** Its identifiers (type, code, Google's status and reasons, quota ids), in lower case. */
  ids: readonly string[];
  /** Its own words in one line, without secrets; empty when it said nothing readable. */
  message: string;
  retryAfterMs: number | null;
  resetsAtMs: number | null;
}

const id = z.union([z.string(), z.number()]).nullish().catch(null);

const errorSchema = z.looseObject({
  message: z.string().catch(''),
  type: id,
  code: id,
  status: id,
  /** Google's (google.rpc): ErrorInfo, RetryInfo, QuotaFailure. */
  details: z
    .array(
      z.looseObject({
        reason: id,
        retryDelay: z.string().nullish().catch(null),
        violations: z
          .array(z.looseObject({ quotaId: id }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
  /** OpenRouter's: the words of the provider behind it, and when its own limit ends. */
  metadata: z
    .looseObject({
      raw: z.unknown().optional(),
      headers: z.record(z.string(), z.unknown()).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  /** ChatGPT plans: epoch seconds, or seconds from now. */
  resets_at: z.number().nullish().catch(null),
  resets_in_seconds: z.number().nullish().catch(null),
});
type ErrorObject = z.infer<typeof errorSchema>;

/** Reads the error object of a body or of an event. `headers` as of the answer, where there is one. */
export function readApiFailure(from: {
  json: unknown;
  status: number | null;
  headers?: { get(name: string): string | null };
  secrets: readonly string[];
  nowMs: number;
}): ApiFailure {
  const { nowMs, secrets } = from;
  const error = errorObjectOf(from.json);
  const details = error.details ?? [];
  const said = [error.message, rawText(error.metadata?.raw)].filter((text) => text !== '').join(': ');
  const message = oneLine(hideSecrets(said, secrets));
  const resetsAtMs = resetOf(error, nowMs);
  const retryAfterMs =
    (from.headers && retryAfterOf(from.headers, nowMs)) ??
    durationMs(details.map((detail) => detail.retryDelay).find((delay) => delay != null) ?? '') ??
    durationMs(/(?:try again|retry) in (\d[\d.hms ]*)/i.exec(message)?.[1] ?? '') ??
    (resetsAtMs === null ? null : Math.max(0, resetsAtMs - nowMs));
  const ids = [error.type, error.code, error.status, ...details.map((detail) => detail.reason)]
    .concat(details.flatMap((detail) => (detail.violations ?? []).map((violation) => violation.quotaId)))
    .flatMap((value) => (value == null ? [] : [String(value).toLowerCase()]));
  return { status: from.status ?? statusIn(error), ids, message, retryAfterMs, resetsAtMs };
}

/** The body of an answer that is not 2xx: JSON of any provider, plain text, or a web page, which says nothing. */
export function jsonOfBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return /^\s*</.test(body) ? null : { message: body };
  }
}

/** `{error: {…}}`, `{error: "…"}`, `[{error: …}]`, `{detail: …}`, or the error itself. */
function errorObjectOf(json: unknown): ErrorObject {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  const { error, detail } = z
    .object({ error: z.unknown().optional(), detail: z.unknown().optional() })
    .catch(nothing)
    .parse(body);
  const found = error ?? detail ?? body;
  if (typeof found === 'string') return errorSchema.parse({ message: found });
  return errorSchema.safeParse(found).data ?? errorSchema.parse({});
}

const nothing = { error: undefined, detail: undefined };

/** The status that an error in a stream names: `{"code": 502}` or `{"code": "429"}`. */
function statusIn({ code }: ErrorObject): number | null {
  const status = Number(code ?? Number.NaN);
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : null;
}

function rawText(raw: unknown): string {
  if (typeof raw !== 'string') return '';
  const inner = errorSchema.safeParse(jsonOfBody(raw)).data;
  return inner === undefined || inner.message !== ''
    ? (inner?.message ?? '')
    : errorObjectOf(jsonOfBody(raw)).message;
}

function resetOf(error: ErrorObject, nowMs: number): number | null {
  if (error.resets_at != null) return error.resets_at * 1000;
  if (error.resets_in_seconds != null) return nowMs + error.resets_in_seconds * 1000;
  const reset = Number(error.metadata?.headers?.['X-RateLimit-Reset'] ?? Number.NaN);
  return Number.isFinite(reset) && reset > 0 ? reset : null;
}

/** "1.2s", "20ms", "6m0s", "1h2m": a time as Google and OpenAI write it; null when it is none. */
export function durationMs(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0) return null;
  const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return Math.round(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0),
  );
}

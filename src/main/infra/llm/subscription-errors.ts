import { z } from 'zod';
import type { ModelError } from '../../domain/model-messages.ts';
import { apiError, type ApiName } from './api-errors.ts';
import { fullUntilMs, quotaOfHeaders } from './codex-quota.ts';
import type { ApiFailed } from './stream-failure.ts';
import { chatgptApi, geminiKeyAdvice } from './subscription-constants.ts';

type ErrorOf = (failed: ApiFailed) => ModelError;

/** The Codex backend (llm-protocols.md §2.1). */
export const codexError: ErrorOf = ({ failure, headers, who, nowMs }) => {
  const error = byToken(apiError(failure, who, nowMs));
  const { message, ids } = failure;
  if (/not supported when using codex with a chatgpt account/i.test(message))
    return {
      kind: 'not_entitled',
      message: `The plan of this ChatGPT account does not have ${who.model}. Choose another model from the list.`,
    };
  if (/requires a newer version of codex/i.test(message))
    return { kind: 'unsupported', message: `${message} ${raiseVersion}` };
  if (error.kind !== 'quota_exhausted') return error;
  if (ids.includes('usage_not_included') && error.resetsAtMs === null)
    return {
      kind: 'not_entitled',
      message: `The plan of this ChatGPT account does not include Codex: ${message}`,
    };
  const quota = headers === undefined ? null : quotaOfHeaders(headers, nowMs);
  return { ...error, resetsAtMs: error.resetsAtMs ?? (quota === null ? null : fullUntilMs(quota)) };
};

const raiseVersion = 'Set DEV_CREW_CODEX_CLIENT_VERSION to the current version of Codex.';

/** An empty list of the Codex backend. */
export const noCodexModels = (clientVersion: string): ModelError => ({
  kind: 'bad_response',
  message: `No models for client version ${clientVersion}; raise it. ${raiseVersion}`,
});

const detailSchema = z.object({ detail: z.object({ error_code: z.string() }) });

/** Sign in with ChatGPT (llm-protocols.md §1.2). Never falls back to a billed key. */
export const chatgptError: ErrorOf = ({ failure, json, who, nowMs }) => {
  const detail = detailSchema.safeParse(json).data?.detail.error_code;
  const codes = detail === undefined ? failure.ids : [...failure.ids, detail];
  const has = (end: string): boolean => codes.some((code) => code.endsWith(end));
  const error = byToken(apiError(failure, who, nowMs));
  if (has('usage_limit_exceeded')) {
    const resetsAtMs = error.kind === 'quota_exhausted' ? error.resetsAtMs : null;
    return {
      kind: 'quota_exhausted',
      message: `The limit of this ChatGPT plan is reached. See what is left at ${chatgptApi.usageUrl}`,
      resetsAtMs,
    };
  }
  if (has('usage_unavailable') || has('user_unavailable'))
    return {
      kind: 'overloaded',
      message: 'ChatGPT cannot tell what is left of the plan right now.',
      retryAfterMs: failure.retryAfterMs,
    };
  if (has('user_not_eligible'))
    return {
      kind: 'not_entitled',
      message:
        'This ChatGPT account may not be used by other apps. Use another account, or an OpenAI API key.',
    };
  return has('invalid_token') ? expired(who) : error;
};

const detailsSchema = z.object({
  error: z.object({
    details: z.array(z.looseObject({ metadata: z.record(z.string(), z.unknown()).optional() })).optional(),
  }),
});

/** Cloud Code Assist (llm-protocols.md §2.2). A breach of terms is marked, for the provider to be turned off. */
export const codeAssistError: ErrorOf = ({ failure, json, who, nowMs }) => {
  const { ids, status, message } = failure;
  const error = byToken(apiError(failure, who, nowMs));
  if ((status === 403 || ids.includes('permission_denied')) && /terms\s+of\s+service/i.test(message))
    return {
      kind: 'not_entitled',
      disablesProvider: true,
      message: `Google has closed Antigravity to this account for a breach of its Terms of Service, so Dev Crew has turned it off. ${geminiKeyAdvice}`,
    };
  if (ids.includes('validation_required'))
    return {
      kind: 'not_entitled',
      message: `Google wants this account to be verified first: ${linkIn(json) ?? message}`,
    };
  // Neither ends with a second try, whatever their status says.
  if (!ids.includes('quota_exhausted') && !ids.includes('model_capacity_exhausted')) return error;
  const afterMs = failure.retryAfterMs === null ? null : nowMs + failure.retryAfterMs;
  return {
    kind: 'quota_exhausted',
    message: `Nothing is left for ${who.model || who.name}: ${message}`,
    resetsAtMs: timeIn(json) ?? afterMs,
  };
};

/** Texts of the details of a Google error that match. */
function metadataTexts(json: unknown, pattern: RegExp): string[] {
  const details = detailsSchema.safeParse(json).data?.error.details ?? [];
  return details
    .flatMap(({ metadata }) => Object.values(metadata ?? {}))
    .flatMap((value) => (typeof value === 'string' && pattern.test(value) ? [value] : []));
}

/** What a person must open. */
const linkIn = (json: unknown): string | undefined => metadataTexts(json, /^https:\/\/[^\s"'<>]+$/)[0];

/** When a quota begins anew, in epoch ms. */
function timeIn(json: unknown): number | null {
  const at = Date.parse(metadataTexts(json, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)[0] ?? '');
  return Number.isNaN(at) ? null : at;
}

/** An access token that is refused may be renewed, which a key may not. */
const byToken = (error: ModelError): ModelError =>
  error.kind === 'auth_invalid' ? { ...error, kind: 'auth_expired' } : error;

const expired = ({ name }: ApiName): ModelError => ({
  kind: 'auth_expired',
  message: `${name} no longer takes this sign-in. Sign in again on the Accounts page.`,
});

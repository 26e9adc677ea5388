import type { ModelError } from '../../domain/model-messages.ts';
import type { ApiFailure } from './api-failure.ts';

type Kind = ModelError['kind'];

/** Who failed, for messages. */
export interface ApiName {
  name: string;
  /** Empty where no model is meant. */
  model: string;
}

/** Longer waits are a plan's or a day's limit, not a pace: the account waits, not the call. */
const longestPaceMs = 300_000;

/** Identifiers that say more than their status; the first row with one of a failure's counts. */
const meaningOfIds: readonly [Kind, RegExp][] = [
  [
    'quota_exhausted',
    /^(insufficient_quota|billing_.*|usage_limit_reached|usage_not_included|.*usage_limit_exceeded)$/,
  ],
  ['quota_exhausted', /^quota_exhausted$|perday/],
  [
    'auth_invalid',
    /^(invalid_api_key|authentication_error|invalid_authentication|api_key_invalid|unauthenticated|account_deactivated|invalid_token)$/,
  ],
  [
    'context_too_long',
    /^(context_length_exceeded|request_too_large|exceed_context_size_error|string_above_max_length)$/,
  ],
  [
    'not_entitled',
    /^(permission_error|permission_denied|unsupported_country_region_territory|service_disabled|api_key_service_blocked|failed_precondition|validation_required)$/,
  ],
  ['model_not_found', /^(model_not_found|not_found_error)$/],
  ['unsupported', /^(unsupported_parameter|unsupported_value|unsupported_model)$/],
  ['refused', /^(content_filter|content_policy_violation|invalid_prompt|cyber_policy)$/],
  [
    'overloaded',
    /^(overloaded_error|server_is_overloaded|slow_down|unavailable|unavailable_error|model_capacity_exhausted)$/,
  ],
];

/** Words that mean more than a status of 400 to 499, or an error without one. */
const meaningOfWords: readonly [Kind, RegExp][] = [
  [
    'auth_invalid',
    /api key (not valid|expired|is invalid)|(incorrect|invalid) api key|no auth credentials|no cookie auth/i,
  ],
  [
    'quota_exhausted',
    /credit balance is too low|insufficient (credits|balance|funds)|(out of|requires more) credits|exceeded your current quota/i,
  ],
  [
    'context_too_long',
    /maximum context length|(context|prompt|input).{0,40}exceed|exceed\w*.{0,60}(context|max_model_len)|(prompt|input) is too long|request too large|reduce the length/i,
  ],
  [
    'model_not_found',
    /models?\b.{0,120}(does not exist|not found|no longer available)|no such model|not a valid model|no endpoints found for/i,
  ],
  [
    'unsupported',
    /(does not|doesn't|not|cannot|only) support|support(s|ed)? (only )?(by|for) certain|unsupported|unrecognized request argument|tool choice requires|no endpoints found that/i,
  ],
  ['overloaded', /loading model|model is loading|server busy|overloaded/i],
];

/** The error of our contract for what a provider said. `nowMs` for resets that it gives as a time from now. */
export function apiError(failure: ApiFailure, who: ApiName, nowMs: number): ModelError {
  const kind = kindOf(failure);
  const message = messageOf(kind, failure, who);
  const { retryAfterMs } = failure;
  switch (kind) {
    case 'quota_exhausted': {
      const afterMs = retryAfterMs === null || retryAfterMs === 0 ? null : nowMs + retryAfterMs;
      return { kind, message, resetsAtMs: failure.resetsAtMs ?? afterMs };
    }
    case 'rate_limited':
    case 'overloaded':
      return { kind, message, retryAfterMs };
    default:
      return { kind, message };
  }
}

function kindOf({ status, ids, message, retryAfterMs }: ApiFailure): Kind {
  const byId = meaningOfIds.find(([, pattern]) => ids.some((known) => pattern.test(known)))?.[0];
  if (byId !== undefined) return byId;
  if (status === 429 || ids.some((known) => /^(rate_limit.*|resource_exhausted)$/.test(known))) {
    if (/request too large/i.test(message)) return 'context_too_long';
    return (retryAfterMs ?? 0) > longestPaceMs ? 'quota_exhausted' : 'rate_limited';
  }
  if (status === 401) return 'auth_invalid';
  if (status === 402) return 'quota_exhausted';
  if (status === 413) return 'context_too_long';
  if (status === 408 || status === 504) return 'network';
  const byWords = meaningOfWords.find(([, pattern]) => pattern.test(message))?.[0];
  if (byWords !== undefined) return byWords;
  if (status === 403) return 'not_entitled';
  if (status !== null && status >= 500) return 'overloaded';
  return ids.some((known) => /^(server_error|internal.*|api_error|timeout.*)$/.test(known))
    ? 'overloaded'
    : 'bad_response';
}

function messageOf(kind: Kind, { status, message }: ApiFailure, { name, model }: ApiName): string {
  const said = message === '' ? `status ${status ?? 'unknown'}` : message.replace(/\.$/, '');
  const whose = model === '' ? name : model;
  switch (kind) {
    case 'auth_invalid':
    case 'auth_expired':
      return `${name} refuses the account: ${said}. Sign in again or enter another key on the Accounts page.`;
    case 'not_entitled':
      return `${name} does not allow this account to do that: ${said}.`;
    case 'quota_exhausted':
      return `Nothing is left on the account of ${name}: ${said}.`;
    case 'rate_limited':
      return `${name} asks to slow down: ${said}.`;
    case 'overloaded':
      return `${name} is busy or failing: ${said}.`;
    case 'model_not_found':
      return `${name} has no model ${model}: ${said}.`;
    case 'context_too_long':
      return `The conversation does not fit ${whose}: ${said}.`;
    case 'unsupported':
      return `${whose} cannot do what was asked: ${said}.${toolAdvice(said)}`;
    case 'refused':
      return `${name} refuses to answer: ${said}.`;
    case 'network':
      return `${name} did not finish in time: ${said}.`;
    case 'bad_response':
    case 'canceled':
      return `${name} refused the request${status === null ? '' : ` (${status})`}: ${said}.`;
  }
}

/** vLLM calls tools only when it was started so. */
const toolAdvice = (said: string): string =>
  /--enable-auto-tool-choice/.test(said)
    ? ' Start vLLM with --enable-auto-tool-choice and --tool-call-parser.'
    : '';

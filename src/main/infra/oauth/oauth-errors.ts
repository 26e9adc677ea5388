import type { OAuthFailure } from '../../app/ports/oauth.ts';
import type { OAuthAnswer } from './oauth-http.ts';

/** What a token endpoint said went wrong: `error` may be a code, an object, or a `code` beside it. */
export interface OAuthErrorBody {
  code: string;
  description: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function errorBodyOf(json: unknown): OAuthErrorBody {
  if (!isRecord(json)) return { code: '', description: '' };
  const { error } = json;
  if (isRecord(error))
    return { code: textOf(error['code']) || textOf(error['type']), description: textOf(error['message']) };
  return {
    code: textOf(error) || textOf(json['code']),
    description: textOf(json['error_description']) || textOf(json['message']),
  };
}

/** After these the same request can never succeed (llm-protocols.md §1.1, §1.2; RFC 6749 §5.2). */
const terminalCodes = new Set([
  'invalid_grant',
  'invalid_refresh_token',
  'token_expired',
  'refresh_token_expired',
  'refresh_token_reused',
  'refresh_token_invalidated',
]);

/** How a refused refresh stands. */
export function refreshFailure({ status, json }: OAuthAnswer, host: string): OAuthFailure {
  const { code } = errorBodyOf(json);
  if (status === 401 || terminalCodes.has(code)) {
    const reason =
      code === 'refresh_token_reused'
        ? 'Its token was used somewhere else'
        : 'The provider has ended this sign-in';
    return {
      kind: 'denied',
      message: `${reason}${codeText(code) === '' ? '' : ` (${code})`}. Sign in again.`,
    };
  }
  return {
    kind: 'transient',
    message: `${host} could not renew the sign-in now (${status}${codeText(code)})`,
  };
}

/** How a refused exchange of a code stands: never to be tried again, since a code is good for one try. */
export function exchangeFailure(
  { status, json }: OAuthAnswer,
  host: string,
  secrets: readonly string[],
): OAuthFailure {
  const { code, description } = errorBodyOf(json);
  const said = hide(description, secrets);
  const because = said === '' ? '' : `: ${said}`;
  return {
    kind: status >= 500 || status === 429 ? 'transient' : 'denied',
    message: `${host} refused the sign-in (${status}${codeText(code)})${because}`,
  };
}

const codeText = (code: string): string => (/^[\w.-]{1,80}$/.test(code) ? ` ${code}` : '');

/** One line of somebody else's words, without what was sent to them. */
export function hide(text: string, secrets: readonly string[]): string {
  // eslint-disable-next-line no-control-regex
  let line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  for (const secret of secrets) if (secret.length >= 8) line = line.replaceAll(secret, '…');
  return line.slice(0, 300);
}

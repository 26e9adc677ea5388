import { isAbsolute, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { err, ok, type Result } from '../../shared/errors.ts';
import type { ProviderId } from '../../shared/models.ts';
import type { OAuthOverrides } from './ports/oauth.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Variables of sign-in (compatibility.md §4). */
export interface OAuthEnvironment {
  /** Absolute; null for the keychain. */
  tokenPath: string | null;
  /** Of sign-ins under way; beside the tokens unless it is named. */
  pendingPath: string | null;
  allowWorkspacePath: boolean;
  /** The account that calls are made with, whichever is active; null when not set. */
  accountId: string | null;
  overrides: Partial<Record<ProviderId, OAuthOverrides>>;
}

const signInProviders: readonly ProviderId[] = ['openai-codex', 'chatgpt', 'google-antigravity'];

const fields: readonly { suffix: string; field: keyof OAuthOverrides; isUrl: boolean }[] = [
  { suffix: 'AUTHORIZE_URL', field: 'authorizeUrl', isUrl: true },
  { suffix: 'TOKEN_URL', field: 'tokenUrl', isUrl: true },
  { suffix: 'REVOKE_URL', field: 'revokeUrl', isUrl: true },
  { suffix: 'ISSUER', field: 'issuer', isUrl: true },
  { suffix: 'REDIRECT_URI', field: 'redirectUri', isUrl: true },
  { suffix: 'CLIENT_ID', field: 'clientId', isUrl: false },
  { suffix: 'CLIENT_SECRET', field: 'clientSecret', isUrl: false },
  { suffix: 'SCOPES', field: 'scopes', isUrl: false },
];

/** An empty variable counts as not set; one that does not parse is an error that names it and not its value. */
export function readOAuthEnvironment(env: Env, workspaceRoot: string): Result<OAuthEnvironment> {
  const overrides: Partial<Record<ProviderId, OAuthOverrides>> = {};
  for (const provider of signInProviders) {
    const read = readOverrides(env, provider);
    if (!read.ok) return read;
    if (Object.keys(read.value).length > 0) overrides[provider] = read.value;
  }
  const allow = env['DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH'] || '0';
  if (allow !== '0' && allow !== '1') return invalid('DEV_CREW_OAUTH_ALLOW_WORKSPACE_PATH', 'takes 0 or 1');
  const tokenPath = pathOf(env['DEV_CREW_OAUTH_TOKEN_PATH'], workspaceRoot);
  const pendingPath = pathOf(env['DEV_CREW_OAUTH_PENDING_PATH'], workspaceRoot);
  return ok({
    tokenPath,
    pendingPath: pendingPath ?? (tokenPath === null ? null : `${tokenPath}.pending`),
    allowWorkspacePath: allow === '1',
    accountId: env['DEV_CREW_LLM_ACCOUNT_ID'] || null,
    overrides,
  });
}

function readOverrides(env: Env, provider: ProviderId): Result<OAuthOverrides> {
  const result: OAuthOverrides = {};
  for (const { suffix, field, isUrl } of fields) {
    const variable = `DEV_CREW_OAUTH_${provider.toUpperCase().replaceAll('-', '_')}_${suffix}`;
    const value = env[variable]?.trim();
    if (!value) continue;
    if (isUrl && !isWebAddress(value)) return invalid(variable, 'takes an http or https address');
    result[field] = value;
  }
  return ok(result);
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function pathOf(value: string | undefined, workspaceRoot: string): string | null {
  if (!value) return null;
  if (value.startsWith('~/')) return join(homedir(), value.slice(2));
  return isAbsolute(value) ? resolve(value) : resolve(workspaceRoot, value);
}

const invalid = (variable: string, message: string): Result<never> =>
  err({ code: 'invalid_input', message: `${variable}: ${message}` });

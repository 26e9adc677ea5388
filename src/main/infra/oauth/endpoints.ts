import type { OAuthOverrides } from '../../app/ports/oauth.ts';

/** Everything of a provider that may change or be replaced; gathered in November 2026 (llm-protocols.md §1). */
export interface Endpoints {
  authorizeUrl: string;
  tokenUrl: string;
  revokeUrl: string | null;
  issuer: string | null;
  /** Device flow (openai-codex). */
  deviceUrl: string | null;
  /** Page on which the user types the device code. */
  devicePage: string | null;
  userinfoUrl: string | null;
  /** Where the account's project is found (google-antigravity). */
  projectUrl: string | null;
  clientId: string | null;
  clientSecret: string | null;
  redirectUri: string | null;
  scopes: string;
  /** Names the API that the token is for (chatgpt). */
  resource: string | null;
}

const openaiIssuer = 'https://auth.openai.com';
const google = 'https://www.googleapis.com';

export const knownEndpoints = {
  'openai-codex': {
    authorizeUrl: `${openaiIssuer}/oauth/authorize`,
    tokenUrl: `${openaiIssuer}/oauth/token`,
    revokeUrl: `${openaiIssuer}/oauth/revoke`,
    issuer: openaiIssuer,
    deviceUrl: `${openaiIssuer}/api/accounts/deviceauth`,
    devicePage: `${openaiIssuer}/codex/device`,
    userinfoUrl: null,
    projectUrl: null,
    // A public native client of openai/codex's open source; it has no secret.
    clientId: 'app_EMoamEEZ73f0CkXaXp7hrann',
    clientSecret: null,
    redirectUri: null,
    scopes: 'openid profile email offline_access',
    resource: null,
  },
  chatgpt: {
    authorizeUrl: `${openaiIssuer}/api/accounts/authorize`,
    tokenUrl: `${openaiIssuer}/api/accounts/oauth/token`,
    revokeUrl: `${openaiIssuer}/oauth/revoke`,
    issuer: openaiIssuer,
    deviceUrl: null,
    devicePage: null,
    userinfoUrl: null,
    projectUrl: null,
    clientId: 'dynamic_agent_client',
    clientSecret: null,
    redirectUri: null,
    scopes: 'openid profile email offline_access resource.invoke chatgpt.tokens.use.direct',
    resource: 'https://api.openai.com/v1',
  },
  'google-antigravity': {
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    issuer: null,
    deviceUrl: null,
    devicePage: null,
    userinfoUrl: `${google}/oauth2/v1/userinfo?alt=json`,
    projectUrl: 'https://cloudcode-pa.googleapis.com',
    // The user supplies both (llm-protocols.md §1.3).
    clientId: null,
    clientSecret: null,
    redirectUri: null,
    scopes: ['cloud-platform', 'userinfo.email', 'userinfo.profile', 'cclog', 'experimentsandconfigs']
      .map((scope) => `${google}/auth/${scope}`)
      .join(' '),
    resource: null,
  },
} as const satisfies Record<string, Endpoints>;

export type OAuthProviderId = keyof typeof knownEndpoints;

/**
 * The known values with those of the user over them. Addresses that were not given follow the origin of a token URL that
 * was, so that a provider that was replaced gets all of it, and no token ever goes to the one it replaces.
 */
export function resolveEndpoints(id: OAuthProviderId, overrides: OAuthOverrides): Endpoints {
  const known: Endpoints = knownEndpoints[id];
  const { tokenUrl } = overrides;
  const moved = (url: string | null): string | null => {
    if (url === null || tokenUrl === undefined) return url;
    const { pathname, search } = new URL(url);
    return `${new URL(tokenUrl).origin}${pathname === '/' ? '' : pathname}${search}`;
  };
  return {
    ...known,
    revokeUrl: moved(known.revokeUrl),
    issuer: moved(known.issuer),
    deviceUrl: moved(known.deviceUrl),
    devicePage: moved(known.devicePage),
    userinfoUrl: moved(known.userinfoUrl),
    projectUrl: moved(known.projectUrl),
    ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)),
  };
}

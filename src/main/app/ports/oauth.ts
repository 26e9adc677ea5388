import type { LoginMethod } from '../../../shared/accounts.ts';
import type { Result } from '../../../shared/errors.ts';
import type { ProviderId } from '../../../shared/models.ts';

/** Sign-in with a provider (llm-protocols.md §1). Times are epoch milliseconds of this machine's clock. */

/** Values of `DEV_CREW_OAUTH_<PROVIDER>_…`, each over the provider's own. */
export interface OAuthOverrides {
  authorizeUrl?: string;
  tokenUrl?: string;
  revokeUrl?: string;
  /** OpenID issuer, where id tokens are verified. */
  issuer?: string;
  clientId?: string;
  clientSecret?: string;
  redirectUri?: string;
  scopes?: string;
  /** Of the API in which the account's project is found (google-antigravity): `DEV_CREW_GOOGLE_ANTIGRAVITY_BASE_URL`. */
  projectUrl?: string;
}

export interface OAuthClient {
  id: string;
  /** Null for a public client. */
  secret: string | null;
}

/** What a provider gave. Secret. */
export interface OAuthTokens {
  accessToken: string;
  refreshToken: string | null;
  idToken: string | null;
  issuedAtMs: number;
  /** Null: not told. Counted from the receipt, so that a clock that is wrong does no harm. */
  expiresAtMs: number | null;
  /** A refresh before that is refused. */
  earliestRefreshAtMs: number | null;
  scope: string | null;
}

/** Who signed in. Nothing of it is secret. */
export interface OAuthIdentity {
  email: string | null;
  plan: string | null;
  /** What calls need beside the token (`Credential.facts`), and what a later sign-in starts from. */
  facts: Record<string, string>;
}

export interface Grant {
  client: OAuthClient;
  tokens: OAuthTokens;
  identity: OAuthIdentity;
}

/** `denied`: for good, the user must do something. `transient`: may work later. Messages hold no secret. */
export interface OAuthFailure {
  kind: 'denied' | 'transient';
  message: string;
}

/** The secret half of a sign-in under way. */
export interface PendingLogin {
  state: string;
  codeVerifier: string;
  nonce: string;
  client: OAuthClient;
  redirectUri: string;
  authorizeUrl: string;
  device: { deviceAuthId: string; userCode: string; intervalMs: number } | null;
  /** On a returning sign-in: the answer must be of this subject, and of this client where it names one. */
  expected: { subject: string | null; clientId: string | null };
}

export interface BeginRequest {
  redirectUri: string;
  /** A client of the user's own instead of the configured one. */
  client: Partial<OAuthClient>;
  /** Of the account that signs in again. */
  previous: { facts: Record<string, string>; email: string | null; idToken: string | null } | null;
  /** Names this installation to the provider. */
  installationId: string;
}

/** What came back by the redirect. */
export interface AuthorizationAnswer {
  code: string;
  /** The client that the provider issued (chatgpt). */
  clientId: string | null;
}

export interface DeviceStart {
  pending: PendingLogin;
  userCode: string;
  verificationUrl: string;
}
export type DevicePoll =
  { kind: 'pending' } | { kind: 'granted'; code: string; codeVerifier: string; redirectUri: string };

/** How long a call may take. */
export interface CallLimits {
  signal: AbortSignal;
  /** Of each of its HTTP requests, in ms. */
  requestMs: number;
}

/** Calls end by their limits and never throw. */
export interface SignInProvider {
  readonly id: ProviderId;
  readonly methods: readonly LoginMethod[];
  /** Where the browser comes back: one of the ports (0: any) of this machine, unless `fixed` names another place. */
  readonly redirect: {
    host: 'localhost' | '127.0.0.1';
    ports: readonly number[];
    path: string;
    fixed: string | null;
  };
  /** What the user must set before a sign-in can begin, given the client they brought; null when nothing. */
  missing(client: Partial<OAuthClient>): string | null;
  begin(request: BeginRequest): Promise<PendingLogin>;
  /** `error` of a redirect, as a sentence for the user. */
  explain(error: string, description: string): string;
  /** The client to exchange with: the issued one where the provider issues one. Checked before anything is sent. */
  clientOf(pending: PendingLogin, answer: AuthorizationAnswer): Result<OAuthClient, OAuthFailure>;
  exchange(
    pending: PendingLogin,
    client: OAuthClient,
    code: string,
    limits: CallLimits,
  ): Promise<Result<Grant, OAuthFailure>>;
  refresh(grant: Grant, limits: CallLimits): Promise<Result<Grant, OAuthFailure>>;
  /** True when the provider confirmed. */
  revoke(grant: Grant, limits: CallLimits): Promise<boolean>;
  readonly device: {
    start(client: Partial<OAuthClient>, limits: CallLimits): Promise<Result<DeviceStart, OAuthFailure>>;
    poll(pending: PendingLogin, limits: CallLimits): Promise<Result<DevicePoll, OAuthFailure>>;
  } | null;
}

/** Null for a provider without such a sign-in. */
export type SignInProviders = (id: ProviderId) => SignInProvider | null;

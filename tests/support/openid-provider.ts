import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';

/** A request that the provider got at its token endpoint. */
export interface TokenRequest {
  grantType: string;
  form: Record<string, string>;
}

/** The certified provider of npm, with the few ways of the real ones that no standard has. */
export interface OpenidProvider extends AsyncDisposable {
  issuer: string;
  /** What came to the token endpoint, in order. */
  tokenRequests: TokenRequest[];
  /** Tokens that were taken back, in order. */
  revoked: string[];
  /** Variables that point a provider of ours here. */
  env(provider: 'openai-codex' | 'chatgpt' | 'google-antigravity'): Record<string, string>;
  /** Behaviour from now on. */
  behave(behaviour: Partial<Behaviour>): void;
  /** Goes through a sign-in as a browser does, cookies and all; ends at the first answer that is no redirect. */
  browse(authorizeUrl: string): Promise<BrowserEnd>;
  /** The same, and stops before the browser goes back to the app: the address it would go to. */
  redirectOf(authorizeUrl: string): Promise<string>;
  /** The user types the code of the device flow on another machine. */
  approveDevice(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrowserEnd {
  status: number;
  url: string;
  body: string;
}

export interface Behaviour {
  /** Life of access tokens, in seconds. */
  lifeSeconds: number;
  /** Who signs in. */
  subject: string;
  /** Ends the sign-in with this error. */
  deny: { error: string; description: string } | null;
  /** Answer of the token endpoint in place of the provider's own: status and body. */
  tokenAnswer: { status: number; body: unknown; onlyFor?: string } | null;
  /** Added to what the token endpoint answers. */
  tokenFields: Record<string, unknown>;
  /** Hears what the token endpoint gave. */
  onTokens: (body: object) => void;
  /** Runs before the token endpoint answers. */
  beforeToken: (request: TokenRequest) => Promise<void> | void;
}

const codexClient = 'app_test_codex';
const issuedClient = 'oaiapp_test_issued';
const antigravityClient = 'antigravity.test';
export const antigravitySecret = 'secret-of-the-test-client-0123456789';
export const accountClaim = 'https://api.openai.com/auth';

export async function startOpenidProvider(): Promise<OpenidProvider> {
  const behaviour: Behaviour = {
    lifeSeconds: 3600,
    subject: 'person-1',
    deny: null,
    tokenAnswer: null,
    tokenFields: {},
    onTokens: () => undefined,
    beforeToken: () => undefined,
  };
  const tokenRequests: TokenRequest[] = [];
  const revoked: string[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [codexPort, antigravityPort] = [await freePort(), await freePort()];
  const redirects = {
    codex: `http://localhost:${codexPort}/auth/callback`,
    antigravity: `http://localhost:${antigravityPort}/oauth-callback`,
  };
  const provider = createProvider(issuer, behaviour, redirects);
  const device: Device = { granted: null };
  const oidc = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const front = { issuer, provider, behaviour, tokenRequests, revoked, oidc, device };
    void handle(front, request, response).catch((error: unknown) => {
      console.error('openid-provider', error);
      response.writeHead(500).end();
    });
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    issuer,
    tokenRequests,
    revoked,
    env: (id) => envOf(issuer, id, redirects),
    behave: (next) => Object.assign(behaviour, next),
    browse: (authorizeUrl) => browse(authorizeUrl, null),
    redirectOf: async (authorizeUrl) => (await browse(authorizeUrl, issuer)).url,
    approveDevice: async () => void (device.granted = await grantDevice(issuer)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface Redirects {
  codex: string;
  antigravity: string;
}

function envOf(
  issuer: string,
  id: 'openai-codex' | 'chatgpt' | 'google-antigravity',
  redirects: Redirects,
): Record<string, string> {
  const prefix = `DEV_CREW_OAUTH_${id.toUpperCase().replaceAll('-', '_')}`;
  const common = {
    [`${prefix}_AUTHORIZE_URL`]: `${issuer}/auth`,
    [`${prefix}_TOKEN_URL`]: `${issuer}/token`,
  };
  switch (id) {
    case 'openai-codex':
      return {
        ...common,
        [`${prefix}_CLIENT_ID`]: codexClient,
        // Ports of its own, so that runs at the same time are not in each other's way.
        [`${prefix}_REDIRECT_URI`]: redirects.codex,
      };
    case 'chatgpt':
      return { ...common, [`${prefix}_AUTHORIZE_URL`]: `${issuer}/api/accounts/authorize` };
    case 'google-antigravity':
      return {
        ...common,
        [`${prefix}_CLIENT_ID`]: antigravityClient,
        [`${prefix}_CLIENT_SECRET`]: antigravitySecret,
        [`${prefix}_REDIRECT_URI`]: redirects.antigravity,
        [`${prefix}_SCOPES`]: 'openid email profile',
      };
  }
}

const native = (client_id: string, redirect_uris: string[]): ClientMetadata => ({
  client_id,
  redirect_uris,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
});

function createProvider(issuer: string, behaviour: Behaviour, redirects: Redirects): Provider {
  const configuration: Configuration = {
    clients: [
      native(codexClient, [redirects.codex, `${issuer}/deviceauth/callback`]),
      native(issuedClient, ['http://127.0.0.1/auth/callback']),
      {
        ...native(antigravityClient, [redirects.antigravity]),
        client_secret: antigravitySecret,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['test'] },
    scopes: ['openid', 'offline_access', 'email', 'profile'],
    claims: { openid: ['sub', accountClaim], email: ['email'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        email: `${accountId}@people.example`,
        name: accountId,
        [accountClaim]: { chatgpt_account_id: `account-of-${accountId}`, chatgpt_plan_type: 'plus' },
      }),
    }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'resource.invoke chatgpt.tokens.use.direct',
          accessTokenFormat: 'opaque',
        }),
        useGrantedResource: () => true,
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => behaviour.lifeSeconds,
      IdToken: 3600,
      RefreshToken: 86_400,
      Session: 600,
      Grant: 86_400,
      Interaction: 600,
      AuthorizationCode: 60,
    },
    pkce: { required: () => true },
  };
  const provider = new Provider(issuer, configuration);
  provider.use(async (context, next) => {
    await next();
    const location = context.response.headers['location'] ?? '';
    // The issued client is told with the code (llm-protocols.md §1.2).
    if (location.startsWith('http://127.0.0.1') && location.includes('/auth/callback?code='))
      context.set('location', `${location}&client_id=${issuedClient}`);
    if (context.path === '/token' && context.status === 200 && typeof context.body === 'object') {
      const body = { ...(context.body as object), ...behaviour.tokenFields };
      behaviour.onTokens(body);
      context.body = body;
    }
  });
  return provider;
}

interface Front {
  issuer: string;
  provider: Provider;
  behaviour: Behaviour;
  tokenRequests: TokenRequest[];
  revoked: string[];
  oidc: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  device: Device;
}

interface Device {
  /** What the poll gets once the user has typed the code. */
  granted: { authorization_code: string; code_verifier: string } | null;
}

async function handle(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', front.issuer);
  if (url.pathname === '/api/accounts/authorize') return authorizeDynamic(url, response);
  if (url.pathname.startsWith('/interaction/')) return interact(front, request, response);
  if (url.pathname === '/oauth/revoke' || url.pathname === '/revoke') return revoke(front, request, response);
  if (url.pathname.startsWith('/v1internal')) return codeAssist(response);
  if (url.pathname === '/oauth2/v1/userinfo')
    return reply(response, 200, { email: 'person-1@people.example' });
  if (url.pathname === '/api/accounts/deviceauth/usercode')
    return reply(response, 200, { device_auth_id: 'device-1', user_code: 'ABCD-1234', interval: '1' });
  if (url.pathname === '/api/accounts/deviceauth/token')
    return reply(response, front.device.granted === null ? 403 : 200, front.device.granted ?? {});
  if (url.pathname === '/token') return token(front, request, response);
  return front.oidc(request, response);
}

const reply = (response: ServerResponse, status: number, body: unknown): void =>
  void response
    .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));

/** The dynamic client gets one of its own. */
function authorizeDynamic(url: URL, response: ServerResponse): void {
  if (url.searchParams.get('client_id') === 'dynamic_agent_client')
    url.searchParams.set('client_id', issuedClient);
  response.writeHead(302, { location: `/auth${url.search}` }).end();
}

/** Everybody signs in and agrees at once, or refuses. */
async function interact(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { provider, behaviour } = front;
  const { prompt, params, grantId, session } = await provider.interactionDetails(request, response);
  if (behaviour.deny !== null) {
    const { error, description } = behaviour.deny;
    const result = { error, error_description: description };
    return provider.interactionFinished(request, response, result);
  }
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: behaviour.subject } });
  const grant =
    (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
    new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  grant.addOIDCScope('openid offline_access email profile');
  grant.addOIDCClaims(['sub', 'email', accountClaim]);
  if (typeof params['resource'] === 'string')
    grant.addResourceScope(params['resource'], 'resource.invoke chatgpt.tokens.use.direct');
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

async function token(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await textOf(request);
  const form = Object.fromEntries(new URLSearchParams(text));
  const got = { grantType: form['grant_type'] ?? '', form };
  front.tokenRequests.push(got);
  await front.behaviour.beforeToken(got);
  const { tokenAnswer } = front.behaviour;
  if (tokenAnswer !== null && (tokenAnswer.onlyFor ?? got.grantType) === got.grantType)
    return reply(response, tokenAnswer.status, tokenAnswer.body);
  // The body was read: the provider takes it from where a body parser would have put it.
  return front.oidc(Object.assign(request, { body: form }), response);
}

async function revoke(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await textOf(request);
  const isJson = request.headers['content-type']?.includes('json') === true;
  const body = isJson
    ? (JSON.parse(text) as Record<string, string>)
    : Object.fromEntries(new URLSearchParams(text));
  front.revoked.push(body['token'] ?? '');
  const found = await front.provider.RefreshToken.find(body['token'] ?? '');
  await found?.destroy();
  reply(response, 200, {});
}

function codeAssist(response: ServerResponse): void {
  const tier = { id: 'free-tier', name: 'Free' };
  reply(response, 200, { currentTier: tier, cloudaicompanionProject: { id: 'project-of-test' } });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Follows redirects by hand, to keep the cookies and to stop before leaving `within`. */
async function browse(start: string, within: string | null): Promise<BrowserEnd> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 20; hops += 1) {
    if (within !== null && !url.startsWith(within)) return { status: 0, url, body: '' };
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const header of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (header.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { status: response.status, url, body: await response.text() };
    url = new URL(location, url).href;
  }
  throw new Error(`too many redirects: ${url}`);
}

/** A code for the provider's own page, as the device flow ends with. */
async function grantDevice(issuer: string): Promise<NonNullable<Device['granted']>> {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${issuer}/auth`);
  const parameters = {
    client_id: codexClient,
    response_type: 'code',
    redirect_uri: `${issuer}/deviceauth/callback`,
    scope: 'openid email offline_access',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { url: end } = await browse(url.href, null);
  const code = new URL(end).searchParams.get('code');
  if (code === null) throw new Error(`no code: ${end}`);
  return { authorization_code: code, code_verifier: verifier };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

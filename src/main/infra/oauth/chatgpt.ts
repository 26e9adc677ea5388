import { err, ok, type Result } from '../../../shared/errors.ts';
import type {
  BeginRequest,
  CallLimits,
  Grant,
  OAuthClient,
  OAuthFailure,
  OAuthIdentity,
  PendingLogin,
  SignInProvider,
} from '../../app/ports/oauth.ts';
import { beginLogin, clientFor } from './begin.ts';
import { exchangeCode, type Exchanged, type FlowDeps } from './grant-requests.ts';
import { verifyIdToken } from './id-token.ts';
import { knownEndpoints, type Endpoints } from './endpoints.ts';
import type { WebFetch } from './oauth-http.ts';
import { openaiIdentity } from './openai-claims.ts';
import { refreshAtOpenai, revokeAtOpenai } from './openai-grants.ts';
import { explainOpenai } from './openai-codex.ts';

/** The client of a first sign-in, which must never be exchanged with: the provider issues one of our own. */
const dynamicClient = knownEndpoints.chatgpt.clientId;
const agentName = 'Dev Crew';
/** Without it the token opens nothing. */
const neededScope = 'resource.invoke';

/** Sign in with ChatGPT, OpenAI's route for open-source local apps (llm-protocols.md §1.2). */
export function createChatgpt(deps: FlowDeps & { fetch: WebFetch }): SignInProvider {
  const { endpoints } = deps;
  const resource: Record<string, string> =
    endpoints.resource === null ? {} : { resource: endpoints.resource };
  return {
    id: 'chatgpt',
    methods: ['browser', 'manual'],
    redirect: { host: '127.0.0.1', ports: [0], path: '/auth/callback', fixed: endpoints.redirectUri },
    missing: () => null,
    begin: (request) => begin(endpoints, request, resource),
    explain: explainOpenai,
    clientOf: issuedClient,
    exchange: async (pending, client, code, limits) => {
      const exchanged = await exchangeCode(deps, pending, client, code, limits, resource);
      return exchanged.ok ? verified(deps, pending, client, exchanged.value, limits) : exchanged;
    },
    refresh: (grant, limits) => refreshAtOpenai(deps, grant, limits, resource),
    revoke: (grant, limits) => revokeAtOpenai(deps, grant, limits),
    device: null,
  };
}

/** With the client that was issued before, where there is one: then the answer must be of the same person. */
function begin(
  endpoints: Endpoints,
  request: BeginRequest,
  resource: Record<string, string>,
): Promise<PendingLogin> {
  const { previous, installationId } = request;
  const issued = previous?.facts['client_id'] ?? null;
  const own = clientFor(endpoints, request.client).id ?? dynamicClient;
  const id = own === dynamicClient ? (issued ?? dynamicClient) : own;
  const returning = id === issued ? previous : null;
  const more = (nonce: string): Record<string, string> => ({
    nonce,
    ext_agent_host_id: `urn:uuid:${installationId}`,
    ...(id === dynamicClient ? { agent_name_hint: agentName } : {}),
    ...resource,
    ...(returning?.idToken == null ? {} : { id_token_hint: returning.idToken }),
    ...(returning?.email == null ? {} : { login_hint: returning.email }),
  });
  const expected = { subject: returning?.facts['subject'] ?? null, clientId: returning && issued };
  return beginLogin(endpoints, { ...request, client: { ...request.client, id } }, more, expected);
}

/** The issued client; on a returning sign-in no other than the one that was issued then. */
function issuedClient(
  { client, expected }: PendingLogin,
  answer: { clientId: string | null },
): Result<OAuthClient, OAuthFailure> {
  const id = answer.clientId ?? expected.clientId ?? client.id;
  if (id === dynamicClient)
    return err({
      kind: 'denied',
      message:
        'The answer has no client id: paste the whole address that the browser was sent to, not the code alone.',
    });
  if (expected.clientId !== null && id !== expected.clientId)
    return err({
      kind: 'denied',
      message: 'The answer is for another installation of Dev Crew, so it was not used. Sign in again.',
    });
  return ok({ id, secret: client.secret });
}

async function verified(
  { endpoints, fetch, now }: FlowDeps & { fetch: WebFetch },
  pending: PendingLogin,
  client: OAuthClient,
  { tokens, answer }: Exchanged,
  limits: CallLimits,
): Promise<Result<Grant, OAuthFailure>> {
  const scopes = (tokens.scope ?? '').split(' ');
  if (!scopes.includes(neededScope))
    return err({
      kind: 'denied',
      message: 'ChatGPT did not grant the use of its models. Sign in again and allow it.',
    });
  if (tokens.idToken === null)
    return err({
      kind: 'denied',
      message: 'ChatGPT did not say who signed in, so the sign-in was not used.',
    });
  const checks = {
    issuer: endpoints.issuer ?? '',
    audience: client.id,
    nonce: pending.nonce,
    subject: pending.expected.subject,
    nowMs: now() + answer.skewMs,
  };
  const checked = await verifyIdToken(fetch, tokens.idToken, checks, limits);
  if (!checked.ok) return checked;
  const identity = openaiIdentity(tokens, null);
  const facts = { ...identity.facts, client_id: client.id, subject: checked.value.subject };
  return ok({ client, tokens, identity: { ...identity, facts } satisfies OAuthIdentity });
}

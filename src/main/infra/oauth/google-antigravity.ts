import { err, ok, type Result } from '../../../shared/errors.ts';
import type { CallLimits, Grant, OAuthFailure, SignInProvider } from '../../app/ports/oauth.ts';
import { beginLogin, clientFor } from './begin.ts';
import { findProject } from './code-assist-project.ts';
import { exchangeCode, refreshTokens, type FlowDeps } from './grant-requests.ts';
import { explainStandard } from './openai-codex.ts';

/** Google's sign-in for Cloud Code Assist (llm-protocols.md §1.3). Offered only after the user's consent. */
export function createGoogleAntigravity(deps: FlowDeps): SignInProvider {
  const { endpoints, http } = deps;
  return {
    id: 'google-antigravity',
    methods: ['browser', 'manual'],
    redirect: { host: 'localhost', ports: [51121], path: '/oauth-callback', fixed: endpoints.redirectUri },
    missing: (own) => {
      const { id, secret } = clientFor(endpoints, own);
      if (id !== undefined && secret != null) return null;
      const variables =
        'DEV_CREW_OAUTH_GOOGLE_ANTIGRAVITY_CLIENT_ID and DEV_CREW_OAUTH_GOOGLE_ANTIGRAVITY_CLIENT_SECRET';
      return `An OAuth client of your own is needed: give its id and secret, or set ${variables}.`;
    },
    begin: (request) => beginLogin(endpoints, request, () => ({ access_type: 'offline', prompt: 'consent' })),
    explain: explainStandard,
    clientOf: (pending) => ok(pending.client),
    exchange: async (pending, client, code, limits) => {
      const exchanged = await exchangeCode(deps, pending, client, code, limits);
      if (!exchanged.ok) return exchanged;
      const { tokens } = exchanged.value;
      if (tokens.refreshToken === null)
        return err({
          kind: 'denied',
          message:
            'Google gave no refresh token: remove Dev Crew at https://myaccount.google.com/permissions and sign in again.',
        });
      return identified(deps, { client, tokens, identity: { email: null, plan: null, facts: {} } }, limits);
    },
    refresh: async (grant, limits) => {
      const renewed = await refreshTokens(deps, grant, limits);
      return renewed.ok ? ok({ ...grant, tokens: renewed.value.tokens }) : renewed;
    },
    revoke: async ({ tokens }, limits) => {
      if (endpoints.revokeUrl === null) return false;
      const token = tokens.refreshToken ?? tokens.accessToken;
      const answer = await http.postForm(endpoints.revokeUrl, { token }, limits);
      return answer?.status === 200;
    },
    device: null,
  };
}

async function identified(
  deps: FlowDeps,
  grant: Grant,
  limits: CallLimits,
): Promise<Result<Grant, OAuthFailure>> {
  const { accessToken } = grant.tokens;
  const project = await findProject(deps, accessToken, limits);
  if (!project.ok) return project;
  const { projectId, plan } = project.value;
  const email = await emailOf(deps, accessToken, limits);
  return ok({ ...grant, identity: { email, plan, facts: { project_id: projectId } } });
}

/** Only to be shown, so a failure is no reason to fail. */
async function emailOf(
  { endpoints, http }: FlowDeps,
  accessToken: string,
  limits: CallLimits,
): Promise<string | null> {
  if (endpoints.userinfoUrl === null) return null;
  const answer = await http.get(endpoints.userinfoUrl, limits, { authorization: `Bearer ${accessToken}` });
  const json = answer?.status === 200 ? answer.json : null;
  if (typeof json !== 'object' || json === null || !('email' in json)) return null;
  return typeof json.email === 'string' ? json.email : null;
}

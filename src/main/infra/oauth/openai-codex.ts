import { ok } from '../../../shared/errors.ts';
import type { SignInProvider } from '../../app/ports/oauth.ts';
import { beginLogin } from './begin.ts';
import { createCodexDevice } from './codex-device.ts';
import { exchangeCode, type FlowDeps } from './grant-requests.ts';
import { openaiIdentity } from './openai-claims.ts';
import { refreshAtOpenai, revokeAtOpenai } from './openai-grants.ts';

/** How the app names itself to OpenAI. */
const originator = 'dev_crew';

/** Sign-in with a ChatGPT subscription as the Codex client does it (llm-protocols.md §1.1). */
export function createOpenaiCodex(deps: FlowDeps): SignInProvider {
  const { endpoints } = deps;
  return {
    id: 'openai-codex',
    methods: ['browser', 'device', 'manual'],
    // Registered with the provider: no others are taken.
    redirect: {
      host: 'localhost',
      ports: [1455, 1457],
      path: '/auth/callback',
      fixed: endpoints.redirectUri,
    },
    missing: () => null,
    begin: (request) =>
      beginLogin(endpoints, request, () => ({
        id_token_add_organizations: 'true',
        codex_cli_simplified_flow: 'true',
        originator,
      })),
    explain: explainOpenai,
    clientOf: (pending) => ok(pending.client),
    exchange: async (pending, client, code, limits) => {
      const exchanged = await exchangeCode(deps, pending, client, code, limits);
      if (!exchanged.ok) return exchanged;
      const { tokens } = exchanged.value;
      return ok({ client, tokens, identity: openaiIdentity(tokens, null) });
    },
    refresh: (grant, limits) => refreshAtOpenai(deps, grant, limits),
    revoke: (grant, limits) => revokeAtOpenai(deps, grant, limits),
    device: createCodexDevice(deps),
  };
}

/** Sentences for the errors that a redirect carries. */
export function explainOpenai(error: string, description: string): string {
  if (error === 'access_denied' && `${error} ${description}`.includes('missing_codex_entitlement'))
    return 'This ChatGPT account has no access to Codex: sign in with an account whose plan includes it.';
  return explainStandard(error, description);
}

export function explainStandard(error: string, description: string): string {
  if (error === 'access_denied') return 'The sign-in was refused in the browser.';
  const said = description === '' ? '' : `: ${description}`;
  return `The provider ended the sign-in with ${error}${said}`;
}

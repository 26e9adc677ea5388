import type { ProviderId } from '../../../shared/models.ts';
import type { OAuthOverrides, SignInProvider, SignInProviders } from '../../app/ports/oauth.ts';
import type { Clock } from '../../app/ports/system.ts';
import { createChatgpt } from './chatgpt.ts';
import { resolveEndpoints, type OAuthProviderId } from './endpoints.ts';
import { createGoogleAntigravity } from './google-antigravity.ts';
import type { FlowDeps } from './grant-requests.ts';
import { createOAuthHttp, type WebFetch } from './oauth-http.ts';
import { createOpenaiCodex } from './openai-codex.ts';

export interface SignInOptions {
  fetch: WebFetch;
  clock: Clock;
  /** By provider: values over the known ones. */
  overrides: Partial<Record<ProviderId, OAuthOverrides>>;
}

/** The providers that are signed in to in a browser. */
export function createSignInProviders({ fetch, clock, overrides }: SignInOptions): SignInProviders {
  const http = createOAuthHttp(fetch, clock.now);
  const depsOf = (id: OAuthProviderId): FlowDeps => ({
    endpoints: resolveEndpoints(id, overrides[id] ?? {}),
    http,
    now: clock.now,
    sleep: clock.sleep,
  });
  const known = new Map<ProviderId, SignInProvider>([
    ['openai-codex', createOpenaiCodex(depsOf('openai-codex'))],
    ['chatgpt', createChatgpt({ ...depsOf('chatgpt'), fetch })],
    ['google-antigravity', createGoogleAntigravity(depsOf('google-antigravity'))],
  ]);
  return (id) => known.get(id) ?? null;
}

import { z } from 'zod';
import { err, ok } from '../../../shared/errors.ts';
import type { PendingLogin, SignInProvider } from '../../app/ports/oauth.ts';
import { clientFor } from './begin.ts';
import type { FlowDeps } from './grant-requests.ts';
import { exchangeFailure } from './oauth-errors.ts';
import { unreachable } from './oauth-http.ts';

const startSchema = z.object({
  device_auth_id: z.string().min(1),
  user_code: z.string().min(1).max(100),
  /** Seconds, as text. */
  interval: z.coerce.number().min(1).max(60).catch(5),
});
const grantedSchema = z.object({ authorization_code: z.string().min(1), code_verifier: z.string().min(1) });

/** Device flow of openai-codex (llm-protocols.md §1.1): a code that is typed on another machine. */
export function createCodexDevice({ endpoints, http }: FlowDeps): SignInProvider['device'] {
  const { deviceUrl, devicePage } = endpoints;
  if (deviceUrl === null || devicePage === null) return null;
  const host = new URL(deviceUrl).host;
  // The exchange names a page of the provider, since nobody came back to us.
  const redirectUri = `${new URL(deviceUrl).origin}/deviceauth/callback`;
  return {
    start: async (own, limits) => {
      const { id = '', secret = null } = clientFor(endpoints, own);
      const answer = await http.postJson(`${deviceUrl}/usercode`, { client_id: id }, limits);
      if (answer === null) return err(unreachable(deviceUrl));
      if (answer.status === 404)
        return err({
          kind: 'denied',
          message: 'Sign-in by a device code is not enabled for this account or client.',
        });
      const parsed = startSchema.safeParse(answer.json);
      if (answer.status !== 200 || !parsed.success) return err(exchangeFailure(answer, host, []));
      const { device_auth_id: deviceAuthId, user_code: userCode, interval } = parsed.data;
      const device = { deviceAuthId, userCode, intervalMs: interval * 1000 };
      const pending = { ...emptyPending, client: { id, secret }, redirectUri, device };
      return ok({ pending, userCode, verificationUrl: devicePage });
    },
    poll: async ({ device }, limits) => {
      const body = { device_auth_id: device?.deviceAuthId, user_code: device?.userCode };
      const answer = await http.postJson(`${deviceUrl}/token`, body, limits);
      // A network that fails once is no reason to give the user's code up.
      if (answer === null || answer.status === 403 || answer.status === 404 || answer.status >= 500)
        return ok({ kind: 'pending' });
      const parsed = grantedSchema.safeParse(answer.json);
      if (answer.status !== 200 || !parsed.success) return err(exchangeFailure(answer, host, []));
      const { authorization_code: code, code_verifier: codeVerifier } = parsed.data;
      return ok({ kind: 'granted', code, codeVerifier, redirectUri });
    },
  };
}

const emptyPending: Omit<PendingLogin, 'client' | 'redirectUri' | 'device'> = {
  state: '',
  codeVerifier: '',
  nonce: '',
  authorizeUrl: '',
  expected: { subject: null, clientId: null },
};

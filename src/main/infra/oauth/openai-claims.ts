import type { OAuthIdentity, OAuthTokens } from '../../app/ports/oauth.ts';
import { claimsOf, textAt } from './jwt.ts';

const auth = 'https://api.openai.com/auth';
const profile = 'https://api.openai.com/profile';

/** Who signed in at OpenAI, out of both tokens; all of it may be missing (a token without claims is no error). */
export function openaiIdentity(
  { idToken, accessToken }: OAuthTokens,
  previous: OAuthIdentity | null,
): OAuthIdentity {
  const both = [claimsOf(idToken), claimsOf(accessToken)];
  const first = (...paths: readonly (readonly (string | number)[])[]): string | null => {
    for (const path of paths)
      for (const claims of both) {
        const found = textAt(claims, ...path);
        if (found !== null) return found;
      }
    return null;
  };
  const facts = {
    chatgpt_account_id: first(
      [auth, 'chatgpt_account_id'],
      ['chatgpt_account_id'],
      ['organizations', 0, 'id'],
    ),
    chatgpt_user_id: first([auth, 'chatgpt_user_id']),
    chatgpt_plan_type: first([auth, 'chatgpt_plan_type']),
  };
  const known = Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    email: first(['email'], [profile, 'email']) ?? previous?.email ?? null,
    plan: facts.chatgpt_plan_type ?? previous?.plan ?? null,
    facts: { ...previous?.facts, ...Object.fromEntries(known) },
  };
}

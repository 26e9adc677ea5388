import type { Credential } from '../../app/ports/credentials.ts';
import type { AccountProvider } from './account-server.ts';
import { codexBackend } from './subscription-constants.ts';
import { codexError } from './subscription-errors.ts';

export const codexAccount: AccountProvider = {
  provider: 'openai-codex',
  name: 'Codex',
  needsKey: true,
  errorOf: codexError,
};

/** Headers of every call of the Codex backend (llm-protocols.md §2.1). The secret is in them. */
export function codexHeaders(account: Credential | undefined, clientVersion: string): Record<string, string> {
  const id = account?.facts.chatgpt_account_id;
  return {
    ...(account === undefined ? {} : { authorization: `Bearer ${account.secret}` }),
    ...(id === undefined ? {} : { 'chatgpt-account-id': id }),
    originator: codexBackend.originator,
    'user-agent': `${codexBackend.originator}/${clientVersion}`,
    version: clientVersion,
  };
}

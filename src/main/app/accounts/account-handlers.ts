import { fail } from '../../../shared/errors.ts';
import type { Handlers } from '../handlers.ts';

type AccountOperation = Extract<keyof Handlers, `accounts.${string}`>;

const notYet = async () => fail('unavailable', 'Accounts are not in this version yet');

/** Handlers of `accounts.*`. */
export function createAccountHandlers(): Pick<Handlers, AccountOperation> {
  return {
    'accounts.list': notYet,
    'accounts.addKey': notYet,
    'accounts.startLogin': notYet,
    'accounts.login': notYet,
    'accounts.pasteLogin': notYet,
    'accounts.cancelLogin': notYet,
    'accounts.update': notYet,
    'accounts.signOut': notYet,
  };
}

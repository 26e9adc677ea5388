import type { Account } from '../../../../shared/accounts.ts';

/** The id a new account gets unless the user types another: `default`, then `account-2`, … */
export function freeAccountId(accounts: readonly Account[]): string {
  const taken = new Set(accounts.map((account) => account.account_id));
  if (!taken.has('default')) return 'default';
  let number = 2;
  while (taken.has(`account-${number}`)) number += 1;
  return `account-${number}`;
}

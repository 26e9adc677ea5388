import type { Credentials } from '../ports/credentials.ts';
import type { AccountKey, AccountRow } from '../ports/account-store.ts';
import type { AccountDeps } from './account-deps.ts';

/** How long an account rests when its provider says that nothing is left and not until when, in ms. */
const unknownResetMs = 300_000;
/** How exactly the time of the last use is kept, in ms. */
const usedGranularityMs = 60_000;

/** What calls tell of an account in passing. Nobody waits for the writes; a disk that fails is logged. */
export function createAccountNotes({ store, clock, log, onChange }: AccountDeps): {
  used(row: AccountRow): void;
  gate: Credentials['gate'];
  observe: Credentials['observe'];
} {
  const change = (key: AccountKey, edit: (row: AccountRow) => AccountRow | null): void => {
    const write = store.commit(({ accounts }) => {
      const row = accounts.get(key);
      const next = row === null ? null : edit(row);
      if (next !== null) accounts.save(next);
      return next !== null;
    });
    write.then(
      (changed) => (changed ? onChange() : undefined),
      (error: unknown) => log.error('a note of an account was not stored', { ...key, error: String(error) }),
    );
  };
  return {
    used: (row) => {
      const nowMs = clock.now();
      if (row.lastUsedAtMs !== null && nowMs - row.lastUsedAtMs < usedGranularityMs) return;
      store
        .commit(({ accounts }) => {
          const now = accounts.get(row);
          if (now !== null) accounts.save({ ...now, lastUsedAtMs: nowMs });
        })
        .catch((error: unknown) =>
          log.error('a note of an account was not stored', { error: String(error) }),
        );
    },
    gate: ({ provider, accountId }, resetsAtMs) => {
      const untilMs = resetsAtMs ?? clock.now() + unknownResetMs;
      change({ provider, accountId }, (row) => ({ ...row, blockedUntilMs: untilMs }));
    },
    observe: ({ provider, accountId }, quota) => {
      change({ provider, accountId }, (row) => {
        const plan = quota.plan ?? row.plan;
        if (plan === row.plan && JSON.stringify(quota) === JSON.stringify(row.quota)) return null;
        return { ...row, plan, quota };
      });
    },
  };
}

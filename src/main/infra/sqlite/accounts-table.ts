import type { ProviderId } from '../../../shared/models.ts';
import type { AccountKey, AccountRow, AccountsTable } from '../../app/ports/account-store.ts';
import type { QuotaReading } from '../../domain/model-messages.ts';
import type { Connection } from './connection.ts';
import { parseObject } from './stored-json.ts';

type Stored = Omit<AccountRow, 'active' | 'facts' | 'quota'> & {
  active: number;
  facts: string;
  quota: string | null;
};
type Lease = { owner: string | null; endMs: number };

const columns = `provider, account_id AS accountId, name, kind, email, plan, base_url AS baseUrl, active, state, detail,
  facts, created_at_ms AS createdAtMs, last_used_at_ms AS lastUsedAtMs, expires_at_ms AS expiresAtMs, quota,
  blocked_until_ms AS blockedUntilMs, max_cost_usd_per_day AS maxCostUsdPerDay,
  max_tokens_per_day AS maxTokensPerDay`;
const one = 'WHERE provider = ? AND account_id = ?';

export function createAccountsTable(db: Connection): AccountsTable {
  return { ...reads(db), ...writes(db), ...refreshLeases(db) };
}

function reads(db: Connection): Pick<AccountsTable, 'list' | 'get' | 'active'> {
  const select = <P extends unknown[]>(rest: string) =>
    db.query<P, Stored>(`SELECT ${columns} FROM accounts ${rest}`);
  const all = select<[]>('ORDER BY provider, account_id');
  const get = select<[string, string]>(one);
  const active = select<[string]>('WHERE provider = ? AND active = 1');
  return {
    list: () => all.all().map(rowOf),
    get: ({ provider, accountId }) => get.all(provider, accountId).map(rowOf)[0] ?? null,
    active: (provider: ProviderId) => active.all(provider).map(rowOf)[0] ?? null,
  };
}

function writes(db: Connection): Pick<AccountsTable, 'save' | 'activate' | 'remove'> {
  const save = db.command<[Omit<Stored, 'active'>]>(
    `INSERT INTO accounts (provider, account_id, name, kind, email, plan, base_url, state, detail, facts, created_at_ms,
       last_used_at_ms, expires_at_ms, quota, blocked_until_ms, max_cost_usd_per_day, max_tokens_per_day)
     VALUES (@provider, @accountId, @name, @kind, @email, @plan, @baseUrl, @state, @detail, @facts, @createdAtMs,
       @lastUsedAtMs, @expiresAtMs, @quota, @blockedUntilMs, @maxCostUsdPerDay, @maxTokensPerDay)
     ON CONFLICT (provider, account_id) DO UPDATE SET
       name = excluded.name, kind = excluded.kind, email = excluded.email, plan = excluded.plan,
       base_url = excluded.base_url, state = excluded.state, detail = excluded.detail, facts = excluded.facts,
       last_used_at_ms = excluded.last_used_at_ms, expires_at_ms = excluded.expires_at_ms, quota = excluded.quota,
       blocked_until_ms = excluded.blocked_until_ms, max_cost_usd_per_day = excluded.max_cost_usd_per_day,
       max_tokens_per_day = excluded.max_tokens_per_day`,
  );
  const deactivate = db.command<[string]>('UPDATE accounts SET active = 0 WHERE provider = ?');
  const activate = db.command<[string, string]>(`UPDATE accounts SET active = 1 ${one}`);
  const remove = db.command<[string, string]>(`DELETE FROM accounts ${one}`);
  return {
    save: ({ active: _kept, facts, quota, ...row }) =>
      void save.run({
        ...row,
        facts: JSON.stringify(facts),
        quota: quota === null ? null : JSON.stringify(quota),
      }),
    activate: ({ provider, accountId }) => {
      deactivate.run(provider);
      activate.run(provider, accountId);
    },
    remove: ({ provider, accountId }) => void remove.run(provider, accountId),
  };
}

function refreshLeases(
  db: Connection,
): Pick<AccountsTable, 'claimRefresh' | 'refreshLease' | 'releaseRefresh'> {
  const claim = db.command<[string, number, string, string, number, string | null]>(
    `UPDATE accounts SET refresh_owner = ?, refresh_end_ms = ? ${one} AND (refresh_end_ms <= ? OR refresh_owner IS ?)`,
  );
  const lease = db.query<[string, string], Lease>(
    `SELECT refresh_owner AS owner, refresh_end_ms AS endMs FROM accounts ${one}`,
  );
  const release = db.command<[string, string, string]>(
    `UPDATE accounts SET refresh_owner = NULL, refresh_end_ms = 0 ${one} AND refresh_owner = ?`,
  );
  return {
    claimRefresh: ({ provider, accountId }, { owner, nowMs, endMs, deadOwner }) =>
      claim.run(owner, endMs, provider, accountId, nowMs, deadOwner).changes === 1,
    refreshLease: ({ provider, accountId }: AccountKey) => {
      const found = lease.get(provider, accountId);
      return found?.owner == null ? null : { owner: found.owner, endMs: found.endMs };
    },
    releaseRefresh: ({ provider, accountId }, owner) => void release.run(provider, accountId, owner),
  };
}

const rowOf = ({ active, facts, quota, ...row }: Stored): AccountRow => ({
  ...row,
  active: active === 1,
  facts: parseObject(facts) as Record<string, string>,
  quota: quota === null ? null : (parseObject(quota) as unknown as QuotaReading),
});

import type { AccountKey } from '../../app/ports/account-store.ts';
import type { LedgerRow, LedgerTable } from '../../app/ports/money-store.ts';
import { bookedOf, type Booked, type EntryState, type Sum } from '../../domain/ledger.ts';
import type { Connection, Query } from './connection.ts';

type Stored = Omit<LedgerRow, 'amount'> & { tokens: number; micros: number | null };
type StateSum = Sum & { state: EntryState };

const columns = `reservation_id AS reservationId, state, tokens, micros, prompt_tokens AS promptTokens, job_id AS jobId,
  provider, account_id AS accountId, model, role, day, owner, at_ms AS atMs`;

/** Sums are made anew at each look, from an index alone, so that no counter can drift from the rows. */
export function createLedgerTable(db: Connection): LedgerTable {
  const insert = db.command<[Stored]>(
    `INSERT INTO ledger (reservation_id, state, tokens, micros, prompt_tokens, job_id, provider, account_id, model,
       role, day, owner, at_ms)
     VALUES (@reservationId, @state, @tokens, @micros, @promptTokens, @jobId, @provider, @accountId, @model,
       @role, @day, @owner, @atMs)`,
  );
  const update = db.command<[EntryState, number, number | null, number, string]>(
    'UPDATE ledger SET state = ?, tokens = ?, micros = ?, settled_at_ms = ? WHERE reservation_id = ?',
  );
  const one = db.query<[string], Stored>(`SELECT ${columns} FROM ledger WHERE reservation_id = ?`);
  const reserved = db.query<[], Stored>(
    `SELECT ${columns} FROM ledger WHERE state = 'reserved' ORDER BY at_ms, rowid`,
  );
  const accounts = db.query<[string], AccountKey>(
    `SELECT DISTINCT provider, account_id AS accountId FROM ledger WHERE day >= ? ORDER BY 1, 2`,
  );
  return {
    insert: ({ amount, ...row }) => void insert.run({ ...row, ...amount }),
    get: (id) => one.all(id).map(rowOf)[0] ?? null,
    update: (id, { state, amount }, atMs) => void update.run(state, amount.tokens, amount.micros, atMs, id),
    reserved: () => reserved.all().map(rowOf),
    accountsOf: (day) => accounts.all(day),
    ...sums(db),
  };
}

function sums(db: Connection): Pick<LedgerTable, 'ofJob' | 'ofDay' | 'ofAccount'> {
  const byState = <P extends unknown[]>(where: string): Query<P, StateSum> =>
    db.query(
      `SELECT state, sum(tokens) AS tokens, coalesce(sum(micros), 0) AS micros,
         count(*) - count(micros) AS unpricedCalls
       FROM ledger WHERE ${where} GROUP BY state`,
    );
  const ofJob = byState<[string]>('job_id = ?');
  const ofDay = byState<[string]>('day >= ?');
  const ofAccount = byState<[string, string, string]>('day >= ? AND provider = ? AND account_id = ?');
  return {
    ofJob: (jobId) => booked(ofJob.all(jobId)),
    ofDay: (day) => booked(ofDay.all(day)),
    ofAccount: ({ provider, accountId }, day) => booked(ofAccount.all(day, provider, accountId)),
  };
}

const booked = (rows: readonly StateSum[]): Booked =>
  bookedOf(rows.map(({ state, ...sum }) => ({ state, sum })));

const rowOf = ({ tokens, micros, ...row }: Stored): LedgerRow => ({ ...row, amount: { tokens, micros } });

import { localDay } from '../../domain/local-day.ts';
import {
  decideReserve,
  reserveEntry,
  settleEntry,
  type Amount,
  type Booked,
  type LimitCheck,
  type Shortfall,
  type SpendingLimit,
} from '../../domain/ledger.ts';
import type { Settings } from '../../../shared/settings.ts';
import { isDead } from '../lease-owner.ts';
import type { AccountKey } from '../ports/account-store.ts';
import type { CallFacts, LedgerRow, UsageCall } from '../ports/money-store.ts';
import type { Store, Tables } from '../ports/store.ts';
import type { Clock, Ids, ProcessFacts } from '../ports/system.ts';
import { dayLimitOf, jobLimitOf } from './limits.ts';

export interface LedgerDeps {
  store: Pick<Store, 'tables' | 'commit' | 'transaction'>;
  clock: Clock;
  ids: Ids;
  facts: ProcessFacts;
  /** Name of this start of this process (`leaseOwner`). */
  owner: string;
  settings: () => Pick<Settings, 'day_max_cost_usd' | 'day_max_tokens'>;
  /** Of a day, as the account has it. */
  accountLimit: (account: AccountKey) => SpendingLimit;
}

/** The most that one attempt can come to. */
export interface WorstCall {
  /** Of `amount.tokens`, those of the prompt. */
  promptTokens: number;
  amount: Amount;
}

export type Reserved =
  { ok: true; reservationId: string } | { ok: false; shortfall: Shortfall; later: boolean };

/** What a settled attempt was: all of a usage row that the reservation does not know. */
export type CallOutcome = Pick<
  UsageCall,
  | 'promptTokens'
  | 'cachedTokens'
  | 'completionTokens'
  | 'reasoningTokens'
  | 'estimated'
  | 'outcome'
  | 'errorKind'
  | 'firstTokenMs'
  | 'durationMs'
>;

export interface Ledger {
  /**
   * Reserves the worst case of an attempt if it stays within every limit. The look at the limits and the reservation
   * are one transaction under the write lock, so that no other call of any process comes between. Rejects with
   * `StoreUnavailable`: a call that cannot be booked must not be made.
   */
  reserve(call: CallFacts, worst: WorstCall): Promise<Reserved>;
  /** Books what the attempt came to, and its usage row, in one transaction. `real` null: the worst case, until known. */
  settle(reservationId: string, real: Amount | null, outcome: CallOutcome): Promise<void>;
  /** Would it fit now. */
  fits(call: CallFacts, worst: WorstCall): boolean;
  /** Settles what dead processes have reserved at its worst case; nobody knows what it came to. Returns how many. */
  settleDead(): number;
  /** Calls `listener` after each settlement of this process. Returns the stop. */
  onSettled(listener: () => void): () => void;
}

/**
 * A reservation of another host, whose processes cannot be looked at, counts as over after this long: no call takes
 * that (retry.ts), and if it did, it would still be settled at what it came to.
 */
const longestCallMs = 3_600_000;

export function createLedger(deps: LedgerDeps): Ledger {
  const { store, clock, ids } = deps;
  const listeners = new Set<() => void>();
  /** Settlements that the disk refused. Left out they would stand at their worst case until the next start. */
  const owed: Settlement[] = [];
  const settleAll = (tables: Tables, settlements: readonly Settlement[]): void => {
    for (const { reservationId, real, outcome } of settlements) {
      const row = tables.ledger.get(reservationId);
      if (row !== null) settleRow(tables, row, real, outcome, clock.now());
    }
  };
  return {
    reserve: (call, worst) => {
      const reservationId = ids.uuid();
      return store.commit((tables) => {
        const decision = decideAfterDead(deps, tables, call, worst);
        if (!decision.fits) return { ok: false, ...decision };
        tables.ledger.insert(newRow(deps, reservationId, call, worst));
        return { ok: true, reservationId };
      });
    },
    settle: async (reservationId, real, outcome) => {
      owed.push({ reservationId, real, outcome });
      const due = [...owed];
      await store.commit((tables) => settleAll(tables, due));
      owed.splice(0, owed.length, ...owed.filter((one) => !due.includes(one)));
      for (const listener of [...listeners]) listener();
    },
    fits: (call, worst) => decide(deps, store.tables, call, worst).fits,
    settleDead: () => store.transaction((tables) => settleDead(deps, tables)),
    onSettled: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface Settlement {
  reservationId: string;
  real: Amount | null;
  outcome: CallOutcome;
}

/** Reservations of the dead must not keep anybody waiting for their end. */
function decideAfterDead(deps: LedgerDeps, tables: Tables, call: CallFacts, worst: WorstCall) {
  const first = decide(deps, tables, call, worst);
  if (first.fits || !first.later || settleDead(deps, tables) === 0) return first;
  return decide(deps, tables, call, worst);
}

const decide = (deps: LedgerDeps, tables: Tables, call: CallFacts, { amount }: WorstCall) =>
  decideReserve(amount, checksOf(deps, tables, call));

/** Limits that a call must keep, each with what counts against it. Those that are not set cost no look. */
function checksOf(deps: LedgerDeps, { jobs, ledger }: Tables, call: CallFacts): LimitCheck[] {
  const today = localDay(deps.clock.now());
  const job = call.jobId === null ? null : jobs.get(call.jobId);
  return [
    ...(job ? check('job', jobLimitOf(job), () => ledger.ofJob(job.jobId)) : []),
    ...check('day', dayLimitOf(deps.settings()), () => ledger.ofDay(today)),
    ...check('account', deps.accountLimit(call), () => ledger.ofAccount(call, today)),
  ];
}

function check(scope: LimitCheck['scope'], limit: SpendingLimit, booked: () => Booked): LimitCheck[] {
  const isSet = limit.maxMicros !== null || limit.maxTokens !== null;
  return isSet ? [{ scope, limit, booked: booked() }] : [];
}

function newRow(deps: LedgerDeps, reservationId: string, call: CallFacts, worst: WorstCall): LedgerRow {
  const { jobId, provider, accountId, model, role } = call;
  const atMs = deps.clock.now();
  const facts = { jobId, provider, accountId, model, role };
  const { owner } = deps;
  const { promptTokens, amount } = worst;
  return { reservationId, ...facts, ...reserveEntry(amount), promptTokens, day: localDay(atMs), owner, atMs };
}

function settleRow(
  tables: Tables,
  row: LedgerRow,
  real: Amount | null,
  outcome: CallOutcome,
  nowMs: number,
): void {
  if (row.state === 'settled') return;
  const entry = settleEntry(row, real);
  const { reservationId, jobId, provider, accountId, model, role, day } = row;
  const facts = { reservationId, jobId, provider, accountId, model, role, day };
  tables.ledger.update(reservationId, entry, nowMs);
  tables.usage.insert({ ...facts, ...outcome, costMicros: entry.amount.micros, atMs: nowMs });
}

function settleDead(deps: LedgerDeps, tables: Tables): number {
  const nowMs = deps.clock.now();
  const dead = tables.ledger
    .reserved()
    .filter((row) => isDead(row.owner, deps.facts) || row.atMs < nowMs - longestCallMs);
  for (const row of dead) settleRow(tables, row, null, crashed(row), nowMs);
  return dead.length;
}

/** All that is known of such a call is what it cannot have exceeded. */
const crashed = ({ promptTokens, amount }: LedgerRow): CallOutcome => ({
  promptTokens,
  cachedTokens: 0,
  completionTokens: amount.tokens - promptTokens,
  reasoningTokens: 0,
  estimated: true,
  outcome: 'error',
  errorKind: 'crashed',
  firstTokenMs: null,
  durationMs: 0,
});

/**
 * The ledger: before each attempt of a model call its worst case is reserved, after it the real cost is settled
 * (design.md §4 Money). A reservation is made only where everything booked so far, and it, stay within every limit;
 * settling never books more than was reserved, as long as the provider keeps to the bound. So no limit is overrun,
 * whatever the order of calls, retries and crashes.
 */

/** Of one call, in whole tokens and whole micro-dollars; null: its price is not known, and only token limits hold it. */
export interface Amount {
  tokens: number;
  micros: number | null;
}

/** Of many calls. Those without a known price add nothing to the cost and are counted. */
export interface Sum {
  tokens: number;
  micros: number;
  unpricedCalls: number;
}

/** Null is no limit. */
export interface SpendingLimit {
  maxTokens: number | null;
  maxMicros: number | null;
}

/** `spent` is settled, `reserved` is for calls under way. */
export interface Booked {
  spent: Sum;
  reserved: Sum;
}

/** Whose limit: the job's, that of all calls of a day, that of one account's calls of a day. */
export const limitScopes = ['job', 'day', 'account'] as const;
export type LimitScope = (typeof limitScopes)[number];

export interface LimitCheck {
  scope: LimitScope;
  limit: SpendingLimit;
  booked: Booked;
}

/** Why a call does not fit, in micro-dollars or tokens. */
export interface Shortfall {
  scope: LimitScope;
  unit: 'micros' | 'tokens';
  limit: number;
  /** Spent and reserved. */
  booked: number;
  needed: number;
}

export type Decision =
  | { fits: true }
  | {
      fits: false;
      /** The first in the order of the checks, cost before tokens. */
      shortfall: Shortfall;
      /** It would fit if the calls under way cost nothing: worth waiting for them to end. */
      later: boolean;
    };

/** Does a call with this worst case fit into every limit. Pure: the caller reads and books in one transaction. */
export function decideReserve(worst: Amount, checks: readonly LimitCheck[]): Decision {
  const [first] = checks.flatMap((check) => shortfallsOf(worst, check));
  if (first === undefined) return { fits: true };
  const settled = checks.map((check) => ({ ...check, booked: { ...check.booked, reserved: zero } }));
  const later = settled.every((check) => shortfallsOf(worst, check).length === 0);
  return { fits: false, shortfall: first, later };
}

const zero: Sum = { tokens: 0, micros: 0, unpricedCalls: 0 };

function shortfallsOf(worst: Amount, { scope, limit, booked }: LimitCheck): Shortfall[] {
  const { spent, reserved } = booked;
  return [
    // What costs nothing fits into any limit of cost, and a cost that is not known can be held to none.
    ...exceeded(scope, 'micros', limit.maxMicros, spent.micros + reserved.micros, worst.micros ?? 0),
    ...exceeded(scope, 'tokens', limit.maxTokens, spent.tokens + reserved.tokens, worst.tokens),
  ];
}

function exceeded(
  scope: LimitScope,
  unit: Shortfall['unit'],
  limit: number | null,
  booked: number,
  needed: number,
): Shortfall[] {
  const fits = limit === null || needed === 0 || booked + needed <= limit;
  return fits ? [] : [{ scope, unit, limit, booked, needed }];
}

/**
 * `reserved` until the call is over; `settled` at what it came to; `worst_case` when it is over and nobody knows: the
 * process died, or the stream broke.
 */
export type EntryState = 'reserved' | 'settled' | 'worst_case';

/** One attempt in the ledger. `amount` is what counts against the limits. */
export interface LedgerEntry {
  state: EntryState;
  amount: Amount;
}

export const reserveEntry = (worst: Amount): LedgerEntry => ({ state: 'reserved', amount: worst });

/**
 * The call is over. `real` is null where it is not known what it came to: the worst case stays booked until it is. What
 * is settled stays as it is, so that settling twice is settling once.
 */
export function settleEntry(entry: LedgerEntry, real: Amount | null): LedgerEntry {
  if (entry.state === 'settled') return entry;
  return real === null ? { state: 'worst_case', amount: entry.amount } : { state: 'settled', amount: real };
}

/** Adds up sums of entries by their state, as the store gives them. */
export function bookedOf(parts: Iterable<{ state: EntryState; sum: Sum }>): Booked {
  const booked: Booked = { spent: zero, reserved: zero };
  for (const { state, sum } of parts) {
    const side = state === 'reserved' ? 'reserved' : 'spent';
    booked[side] = plus(booked[side], sum);
  }
  return booked;
}

const plus = (a: Sum, b: Sum): Sum => ({
  tokens: a.tokens + b.tokens,
  micros: a.micros + b.micros,
  unpricedCalls: a.unpricedCalls + b.unpricedCalls,
});

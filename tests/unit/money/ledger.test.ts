import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bookedOf,
  decideReserve,
  reserveEntry,
  settleEntry,
  type Amount,
  type Booked,
  type LedgerEntry,
  type LimitCheck,
  type SpendingLimit,
} from '../../../src/main/domain/ledger.ts';

const noLimit: SpendingLimit = { maxTokens: null, maxMicros: null };

/** Sums by state, as the store makes them. */
function booked(entries: Iterable<LedgerEntry>): Booked {
  const sums = {
    reserved: { tokens: 0, micros: 0, unpricedCalls: 0 },
    settled: { tokens: 0, micros: 0, unpricedCalls: 0 },
    worst_case: { tokens: 0, micros: 0, unpricedCalls: 0 },
  };
  for (const { state, amount } of entries) {
    const sum = sums[state];
    sum.tokens += amount.tokens;
    sum.micros += amount.micros ?? 0;
    if (amount.micros === null) sum.unpricedCalls += 1;
  }
  return bookedOf(
    (['reserved', 'settled', 'worst_case'] as const).map((state) => ({ state, sum: sums[state] })),
  );
}

const check = (limit: Partial<SpendingLimit>, entries: readonly LedgerEntry[] = []): LimitCheck => ({
  scope: 'job',
  limit: { ...noLimit, ...limit },
  booked: booked(entries),
});

const settledAt = (amount: Amount): LedgerEntry => settleEntry(reserveEntry(amount), amount);

describe('a reservation', () => {
  it('fits up to the limit, and not one token or micro-dollar above it', () => {
    const spent = settledAt({ tokens: 60, micros: 600 });
    const limits = { maxTokens: 100, maxMicros: 1000 };
    expect(decideReserve({ tokens: 40, micros: 400 }, [check(limits, [spent])])).toEqual({ fits: true });
    expect(decideReserve({ tokens: 41, micros: 400 }, [check(limits, [spent])])).toEqual({
      fits: false,
      later: false,
      shortfall: { scope: 'job', unit: 'tokens', limit: 100, booked: 60, needed: 41 },
    });
    expect(decideReserve({ tokens: 40, micros: 401 }, [check(limits, [spent])])).toMatchObject({
      shortfall: { unit: 'micros', limit: 1000, booked: 600, needed: 401 },
    });
  });

  it('is worth waiting for where only calls under way stand in its way', () => {
    const underWay = reserveEntry({ tokens: 90, micros: null });
    const need = { tokens: 20, micros: null };
    expect(decideReserve(need, [check({ maxTokens: 100 }, [underWay])])).toMatchObject({ later: true });
    const full = check({ maxTokens: 10 });
    expect(decideReserve(need, [check({ maxTokens: 100 }, [underWay]), full])).toMatchObject({
      later: false,
    });
  });

  it('with an unknown price is held by limits of tokens only, and counted', () => {
    const unpriced = reserveEntry({ tokens: 10, micros: null });
    expect(decideReserve(unpriced.amount, [check({ maxMicros: 0 })])).toEqual({ fits: true });
    expect(decideReserve(unpriced.amount, [check({ maxMicros: 0, maxTokens: 9 })])).toMatchObject({
      shortfall: { unit: 'tokens' },
    });
    expect(booked([unpriced]).reserved).toEqual({ tokens: 10, micros: 0, unpricedCalls: 1 });
  });

  it('of a free call fits into a limit of cost that is used up', () => {
    const over = settledAt({ tokens: 1, micros: 5000 });
    const limits = check({ maxMicros: 1000 }, [over]);
    expect(decideReserve({ tokens: 10, micros: 0 }, [limits])).toEqual({ fits: true });
    expect(decideReserve({ tokens: 10, micros: 1 }, [limits])).toMatchObject({ fits: false, later: false });
  });
});

describe('a settlement', () => {
  it('of an unknown outcome keeps the worst case until it is known, and then stays', () => {
    const entry = reserveEntry({ tokens: 100, micros: 7 });
    const unknown = settleEntry(entry, null);
    expect(unknown).toEqual({ state: 'worst_case', amount: { tokens: 100, micros: 7 } });
    const known = settleEntry(unknown, { tokens: 3, micros: 1 });
    expect(known).toEqual({ state: 'settled', amount: { tokens: 3, micros: 1 } });
    expect(settleEntry(known, { tokens: 50, micros: 5 })).toBe(known);
    expect(settleEntry(known, null)).toBe(known);
  });
});

/** Jobs, accounts and days with limits of their own, and what is booked against them. */
class World {
  private readonly entries = new Map<
    number,
    { entry: LedgerEntry; job: number; account: number; day: number; process: number }
  >();
  private nextId = 0;
  day = 0;
  admitted = 0;
  refused = 0;

  private readonly jobLimits: readonly SpendingLimit[];
  private readonly accountLimits: readonly SpendingLimit[];
  private readonly dayLimit: SpendingLimit;

  constructor(jobs: readonly SpendingLimit[], accounts: readonly SpendingLimit[], day: SpendingLimit) {
    this.jobLimits = jobs;
    this.accountLimits = accounts;
    this.dayLimit = day;
  }

  private of(match: (row: { job: number; account: number; day: number }) => boolean): Booked {
    const chosen: LedgerEntry[] = [];
    for (const row of this.entries.values()) if (match(row)) chosen.push(row.entry);
    return booked(chosen);
  }

  /** Every limit with what counts against it. */
  private checks(job: number, account: number): LimitCheck[] {
    const today = (row: { day: number }): boolean => row.day >= this.day;
    return [
      { scope: 'job', limit: this.jobLimits[job]!, booked: this.of((row) => row.job === job) },
      { scope: 'day', limit: this.dayLimit, booked: this.of(today) },
      {
        scope: 'account',
        limit: this.accountLimits[account]!,
        booked: this.of((row) => today(row) && row.account === account),
      },
    ];
  }

  reserve(where: { job: number; account: number; process: number }, worst: Amount): void {
    if (!decideReserve(worst, this.checks(where.job, where.account)).fits) {
      this.refused += 1;
      return;
    }
    this.admitted += 1;
    this.entries.set((this.nextId += 1), { ...where, day: this.day, entry: reserveEntry(worst) });
  }

  /** Settles the `pick`th entry that `state` allows, at `share` of its worst case; null: unknown. */
  settle(pick: number, share: number | null, state: LedgerEntry['state']): void {
    const open = [...this.entries.values()].filter(({ entry }) => entry.state === state);
    const row = open[pick % Math.max(1, open.length)];
    if (row === undefined) return;
    const { tokens, micros } = row.entry.amount;
    const real = share === null ? null : this.share({ tokens, micros }, share);
    row.entry = settleEntry(row.entry, real);
  }

  private share({ tokens, micros }: Amount, share: number): Amount {
    return {
      tokens: Math.floor(tokens * share),
      micros: micros === null ? null : Math.floor(micros * share),
    };
  }

  /** Everything that a process had under way is over, and nobody knows what it came to. */
  crash(process: number): void {
    for (const row of this.entries.values())
      if (row.process === process && row.entry.state === 'reserved') row.entry = settleEntry(row.entry, null);
  }

  /** Limits that are overrun. */
  overruns(): string[] {
    // Three looks see each of the three jobs, both accounts and the day.
    const all = this.jobLimits.flatMap((_, job) => this.checks(job, job % this.accountLimits.length));
    return all.flatMap(({ scope, limit, booked: { spent, reserved } }) => [
      ...(limit.maxTokens !== null && spent.tokens + reserved.tokens > limit.maxTokens
        ? [`${scope} tokens`]
        : []),
      ...(limit.maxMicros !== null && spent.micros + reserved.micros > limit.maxMicros
        ? [`${scope} cost`]
        : []),
    ]);
  }
}

const amount = fc.record({
  tokens: fc.integer({ min: 1, max: 400 }),
  micros: fc.option(fc.integer({ min: 0, max: 4000 }), { freq: 8 }),
});
const where = fc.record({
  job: fc.nat(2),
  account: fc.nat(1),
  process: fc.nat(2),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reserve' as const), where, worst: amount }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), pick: fc.nat(50), share }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break' as const), pick: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), process: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('learn' as const), pick: fc.nat(50), share }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('retry' as const),
      pick: fc.nat(50),
      share,
      where,
      worst: amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('midnight' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function perform(world: World, step: Act): void {
  switch (step.do) {
    case 'reserve':
      return world.reserve(step.where, step.worst);
    case 'settle':
      return world.settle(step.pick, step.share, 'reserved');
    case 'break':
      return world.settle(step.pick, null, 'reserved');
    case 'crash':
      return world.crash(step.process);
    case 'learn':
      return world.settle(step.pick, step.share, 'worst_case');
    case 'retry':
      // An attempt that failed is settled, and the next one reserves anew.
      world.settle(step.pick, step.share, 'reserved');
      return world.reserve(step.where, step.worst);
    case 'midnight':
      world.day += 1;
  }
}

const limitOf = (maxTokens: number, maxMicros: number) =>
  fc.record({
    maxTokens: fc.option(fc.integer({ min: 0, max: maxTokens })),
    maxMicros: fc.option(fc.integer({ min: 0, max: maxMicros })),
  });

describe('10,000 random interleavings of reserve, settle, crash and retry', () => {
  it('never bring spent and reserved above a limit of a job, a day or an account', () => {
    let admitted = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.tuple(limitOf(1000, 10_000), limitOf(1000, 10_000), limitOf(1000, 10_000)),
        fc.tuple(limitOf(1500, 15_000), limitOf(1500, 15_000)),
        limitOf(2000, 20_000),
        fc.array(act, { minLength: 10, maxLength: 40 }),
        (jobs, accounts, day, steps) => {
          const world = new World(jobs, accounts, day);
          const overruns = steps.flatMap((step) => {
            perform(world, step);
            return world.overruns();
          });
          expect(overruns).toEqual([]);
          admitted += world.admitted;
          refused += world.refused;
        },
      ),
      { numRuns: 10_000 },
    );
    // Both sides of the limits were seen.
    expect(Math.min(admitted, refused)).toBeGreaterThan(10_000);
  });
});

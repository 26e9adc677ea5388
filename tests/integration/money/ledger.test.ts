import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../../src/main/app/ports/money-store.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { localDay } from '../../../src/main/domain/local-day.ts';
import type { Booked } from '../../../src/main/domain/ledger.ts';
import { jobRecord, newStore, openStore, temporaryFolder } from '../sqlite/support.ts';
import { aCall, openLedger, outcome, worst } from './support.ts';

const total = ({ spent, reserved }: Booked): number => spent.tokens + reserved.tokens;
const today = (): string => localDay(Date.now());
const dayOf = (store: Store): Booked => store.tables.ledger.ofDay(today());

describe('the ledger', () => {
  it('admits of many calls at once exactly those that fit', async () => {
    const store = newStore();
    const ledger = openLedger(store, { dayTokens: 1000 });
    const answers = await Promise.all(Array.from({ length: 200 }, () => ledger.reserve(aCall(), worst(100))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    expect(dayOf(store)).toMatchObject({ spent: { tokens: 0 }, reserved: { tokens: 1000 } });
  });

  it('gives back what a call did not need, and books nothing for one that was refused', async () => {
    const store = newStore();
    const ledger = openLedger(store, { dayTokens: 100 });
    const first = await ledger.reserve(aCall(), worst(100, 5000));
    expect(await ledger.reserve(aCall(), worst(1))).toMatchObject({ ok: false, later: true });
    if (!first.ok) throw new Error('refused');
    await ledger.settle(first.reservationId, { tokens: 40, micros: 2000 }, outcome());
    expect(dayOf(store)).toEqual({
      spent: { tokens: 40, micros: 2000, unpricedCalls: 0 },
      reserved: { tokens: 0, micros: 0, unpricedCalls: 0 },
    });
    expect(await ledger.reserve(aCall(), worst(61))).toMatchObject({
      ok: false,
      later: false,
      shortfall: { scope: 'day', unit: 'tokens', limit: 100, booked: 40, needed: 61 },
    });
    expect((await ledger.reserve(aCall(), worst(60))).ok).toBe(true);
  });

  it('keeps the limits of job, day and account apart', async () => {
    const store = newStore();
    store.transaction(({ jobs }) => jobs.insert(jobRecord('a', { maxTokens: 50, maxCostMicros: 10 })));
    const account = { maxTokens: 70, maxMicros: null };
    const ledger = openLedger(store, { dayUsd: 1, account });
    const ofJob = aCall({ jobId: 'a' });
    expect(await ledger.reserve(ofJob, worst(51, 10))).toMatchObject({ shortfall: { scope: 'job' } });
    expect(await ledger.reserve(ofJob, worst(50, 11))).toMatchObject({ shortfall: { unit: 'micros' } });
    expect((await ledger.reserve(ofJob, worst(50, 10))).ok).toBe(true);
    expect(await ledger.reserve(aCall(), worst(21))).toMatchObject({ shortfall: { scope: 'account' } });
    expect((await ledger.reserve(aCall({ accountId: 'other' }), worst(21, 999_990))).ok).toBe(true);
    expect(await ledger.reserve(aCall({ accountId: 'other' }), worst(1, 1))).toMatchObject({
      shortfall: { scope: 'day', unit: 'micros', limit: 1_000_000, booked: 1_000_000 },
    });
  });

  it('counts a call on the day of its reservation, and forgets none when the clock is set back', async () => {
    const store = newStore();
    let nowMs = new Date(2026, 10, 22, 23, 59).getTime();
    const ledger = openLedger(store, { dayTokens: 100 }, { nowMs: () => nowMs });
    const before = await ledger.reserve(aCall(), worst(100));
    nowMs += 120_000;
    expect((await ledger.reserve(aCall(), worst(100))).ok).toBe(true);
    if (before.ok) await ledger.settle(before.reservationId, { tokens: 90, micros: null }, outcome());
    expect(store.tables.ledger.ofDay('2026-11-23')).toMatchObject({ reserved: { tokens: 100 } });
    // An hour back, to the day before: what was spent on the day that has not come yet still counts.
    nowMs -= 3_600_000;
    expect(await ledger.reserve(aCall(), worst(1))).toMatchObject({ ok: false });
  });

  it('settles what dead processes reserved at its worst case, as calls that crashed', async () => {
    const store = newStore();
    store.transaction(({ jobs }) => jobs.insert(jobRecord('a')));
    const dead = openLedger(store, {}, { pid: 111 });
    const reserved = await dead.reserve(aCall({ jobId: 'a' }), worst(100, 700));
    await openLedger(store, {}, { pid: 222 }).reserve(aCall(), worst(5));
    const ledger = openLedger(store, {}, { pid: 333, isAlive: (pid) => pid !== 111 });
    expect(ledger.settleDead()).toBe(1);
    expect(ledger.settleDead()).toBe(0);
    expect(store.tables.ledger.ofJob('a')).toMatchObject({
      spent: { tokens: 100, micros: 700 },
      reserved: { tokens: 0 },
    });
    const rows = store.tables.usage.page({ from: today(), to: today(), afterPosition: 0, limit: 9 });
    expect(rows).toMatchObject([
      {
        jobId: 'a',
        errorKind: 'crashed',
        outcome: 'error',
        estimated: true,
        costMicros: 700,
        promptTokens: 50,
      },
    ]);
    // The one thought dead was only asleep: now it is known, in the ledger and in the usage, and stays one call.
    if (reserved.ok) await dead.settle(reserved.reservationId, { tokens: 9, micros: 60 }, outcome());
    expect(store.tables.ledger.ofJob('a')).toMatchObject({ spent: { tokens: 9, micros: 60 } });
    expect(store.tables.usage.page({ from: today(), to: today(), afterPosition: 0, limit: 9 })).toMatchObject(
      [{ outcome: 'success', costMicros: 60, errorKind: null }],
    );
  });

  it('does not let a reservation of the dead stand in the way of the living', async () => {
    const store = newStore();
    const limits = { dayTokens: 100 };
    await openLedger(store, limits, { pid: 111 }).reserve(aCall(), worst(90));
    const ledger = openLedger(store, limits, { pid: 333, isAlive: (pid) => pid !== 111 });
    // Not "later": nobody will settle it below its worst case.
    expect(await ledger.reserve(aCall(), worst(20))).toMatchObject({ ok: false, later: false });
    expect((await ledger.reserve(aCall(), worst(10))).ok).toBe(true);
  });
});

/** What the pure ledger would have: the rows themselves. */
const rows = (store: Store): LedgerRow[] => store.tables.ledger.reserved();

describe('random interleavings on one database', () => {
  it('over three connections never exceed a limit, and the sums are those of the rows', async () => {
    const step = fc.record({
      who: fc.nat(2),
      job: fc.nat(1),
      do: fc.constantFrom('reserve', 'reserve', 'settle', 'unknown', 'crash'),
      tokens: fc.integer({ min: 1, max: 300 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const plan = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 4, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 200, max: 1500 }), async (turns, dayTokens) => {
        const path = join(temporaryFolder(), 'jobs.db');
        const stores = [0, 1, 2].map(() => openStore(path));
        const [store] = stores as [Store];
        store.transaction(({ jobs }) =>
          ['a', 'b'].forEach((id) => jobs.insert(jobRecord(id, { maxTokens: 700 }))),
        );
        const ledgers = stores.map((one, index) => openLedger(one, { dayTokens }, { pid: 100 + index }));
        const reaper = openLedger(store, {}, { pid: 999, isAlive: (pid) => pid !== 101 });
        const open: { id: string; tokens: number; by: number }[] = [];
        let spent = 0;
        for (const turn of turns) {
          // All of a turn at once: the connections compete for the write lock.
          await Promise.all(
            turn.map(async ({ who, job, do: what, tokens, share }) => {
              const ledger = ledgers[who]!;
              if (what === 'crash') {
                reaper.settleDead();
                for (const one of open.splice(0)) if (one.by !== 1) open.push(one);
                return;
              }
              if (what === 'reserve') {
                const got = await ledger.reserve(aCall({ jobId: job === 0 ? 'a' : 'b' }), worst(tokens));
                if (got.ok) open.push({ id: got.reservationId, tokens, by: who });
                return;
              }
              const one = open.shift();
              if (one === undefined) return;
              const real =
                what === 'unknown' ? null : { tokens: Math.floor(one.tokens * share), micros: null };
              await ledger.settle(one.id, real, outcome());
            }),
          );
          const booked = dayOf(store);
          expect(total(booked)).toBeLessThanOrEqual(dayTokens);
          for (const id of ['a', 'b']) expect(total(store.tables.ledger.ofJob(id))).toBeLessThanOrEqual(700);
          expect(booked.reserved.tokens).toBe(rows(store).reduce((sum, row) => sum + row.amount.tokens, 0));
          expect(booked.spent.tokens).toBeGreaterThanOrEqual(spent === 0 ? 0 : 1);
          spent = booked.spent.tokens;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('several processes on one database', () => {
  const children: ReturnType<typeof fork>[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  const start = (path: string, limit: number, calls: number) => {
    const child = fork(join(import.meta.dirname, 'peer.ts'), [path, `${limit}`, `${calls}`], {
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    children.push(child);
    const lines: string[] = [];
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
    return { child, lines, ended };
  };

  it('spend up to the limit and not a token more, also when one is killed in the middle', async () => {
    const limit = 20_000;
    const path = join(temporaryFolder(), 'jobs.db');
    const store = openStore(path);
    const peers = [1, 2, 3].map(() => start(path, limit, 150));
    const seen: number[] = [];
    const stop = store.onForeignCommit(() => seen.push(total(dayOf(store))));
    const victim = peers[0]!;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        const admitted = victim.lines.filter((line) => line.startsWith('admitted')).length;
        // The others may have taken all there was before it came so far.
        if (admitted < 20 && !victim.lines.includes('refused')) return;
        victim.child.stdout?.off('data', look);
        resolve();
      };
      victim.child.stdout?.on('data', look);
      void victim.ended.then(resolve, resolve);
    });
    victim.child.kill('SIGKILL');
    await Promise.all(peers.map(({ ended }) => ended));
    stop();
    expect(peers.slice(1).map(({ lines }) => lines.at(-1))).toEqual(['done', 'done']);
    expect(Math.max(...seen)).toBeLessThanOrEqual(limit);
    expect(total(dayOf(store))).toBeLessThanOrEqual(limit);
    // What was refused was refused for want of room: the limit was truly reached.
    expect(peers.flatMap(({ lines }) => lines)).toContain('refused');
    const left = rows(store);
    const ledger = openLedger(store, {}, { pid: 999, isAlive: (pid) => pid !== victim.child.pid });
    expect(ledger.settleDead()).toBe(left.length);
    expect(dayOf(store)).toMatchObject({ reserved: { tokens: 0 } });
    expect(total(dayOf(store))).toBeLessThanOrEqual(limit);
    // Every admitted call is one row of the usage, the killed ones included.
    const admitted = store.tables.usage.count({ from: today(), to: today() });
    expect(admitted).toBeGreaterThanOrEqual(
      peers.flatMap(({ lines }) => lines).filter((l) => l.startsWith('admitted')).length,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueTable } from '../../../src/main/app/ports/store.ts';
import { jobRecord, newStore } from './support.ts';

/** The queue as its port describes it, in twenty lines, to compare with. */
class Model {
  nowMs = 0;
  readonly rows = new Map<
    string,
    { priority: number; availableAtMs: number; position: number; owner: string | null; endMs: number }
  >();
  private positions = 0;

  enqueue(jobId: string, priority: number, availableAtMs: number): void {
    const row = this.rows.get(jobId);
    if (row) Object.assign(row, { priority, availableAtMs: Math.min(row.availableAtMs, availableAtMs) });
    else {
      const position = (this.positions += 1);
      this.rows.set(jobId, { priority, availableAtMs, position, owner: null, endMs: 0 });
    }
  }
  claimable(): string | null {
    const [first] = [...this.rows]
      .filter(([, row]) => row.availableAtMs <= this.nowMs && row.endMs <= this.nowMs)
      .sort(
        ([, a], [, b]) =>
          b.priority - a.priority || a.availableAtMs - b.availableAtMs || a.position - b.position,
      );
    return first?.[0] ?? null;
  }
  heldBy(owner: string): string[] {
    return [...this.rows]
      .filter(([, row]) => row.owner === owner && row.endMs > this.nowMs)
      .sort(([, a], [, b]) => a.position - b.position)
      .map(([jobId]) => jobId);
  }
}

const jobIds = ['a', 'b', 'c', 'd', 'e'];
const owners = ['one', 'two', 'three'];
const leaseMs = 10;
type Step = (queue: QueueTable, model: Model) => void;

const job = fc.constantFrom(...jobIds);
const owner = fc.constantFrom(...owners);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(job, fc.integer({ min: -2, max: 2 }), fc.nat(30))
    .map(([id, priority, delay]): Step => (queue, model) => {
      queue.enqueue(id, priority, model.nowMs + delay);
      model.enqueue(id, priority, model.nowMs + delay);
    }),
  owner.map((name): Step => (queue, model) => {
    const expected = model.claimable();
    expect(queue.claim(name, model.nowMs, leaseMs)).toBe(expected);
    if (expected === null) return;
    Object.assign(model.rows.get(expected)!, { owner: name, endMs: model.nowMs + leaseMs });
    expect(owners.filter((other) => queue.holds(expected, other, model.nowMs))).toEqual([name]);
  }),
  owner.map((name): Step => (queue, model) => {
    const held = model.heldBy(name);
    expect(queue.heartbeat(name, model.nowMs, leaseMs)).toEqual(held);
    for (const id of held) model.rows.get(id)!.endMs = model.nowMs + leaseMs;
  }),
  fc.tuple(job, owner, fc.nat(30)).map(([id, name, delay]): Step => (queue, model) => {
    queue.release(id, name, model.nowMs + delay);
    const row = model.rows.get(id);
    if (row?.owner === name) {
      Object.assign(row, { owner: null, endMs: 0, availableAtMs: model.nowMs + delay });
    }
  }),
  job.map((id): Step => (queue, model) => {
    queue.remove(id);
    model.rows.delete(id);
  }),
  fc.nat(12).map(
    (ms): Step =>
      (_queue, model) =>
        void (model.nowMs += ms),
  ),
);

class Undo extends Error {}

describe('queue', () => {
  it('hands each job to one owner at a time, highest priority first, whatever happens', () => {
    const store = newStore();
    store.transaction(({ jobs }) => jobIds.forEach((id) => jobs.insert(jobRecord(id))));
    const run = (steps: Step[]): void => {
      const model = new Model();
      store.transaction(({ queue }) => {
        for (const act of steps) {
          act(queue, model);
          const live = owners.flatMap((name) => model.heldBy(name));
          expect(
            queue
              .leases(model.nowMs)
              .map(({ jobId }) => jobId)
              .sort(),
          ).toEqual(live.sort());
          expect(queue.countQueued(model.nowMs)).toBe(model.rows.size - live.length);
          const times = [...model.rows.values()].map((row) => Math.max(row.availableAtMs, row.endMs));
          expect(queue.nextAvailableAt(model.nowMs)).toBe(times.length ? Math.min(...times) : null);
        }
        throw new Undo();
      });
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        expect(() => run(steps)).toThrow(Undo);
      }),
      { numRuns: 300 },
    );
  });

  it('takes "never by itself" as a time, and wakes from it', () => {
    const store = newStore();
    store.transaction(({ jobs, queue }) => {
      jobs.insert(jobRecord('a'));
      queue.enqueue('a', 0, Infinity);
      expect(queue.claim('one', Date.now(), 10)).toBeNull();
      queue.enqueue('a', 0, 5);
      expect(queue.claim('one', 5, 10)).toBe('a');
      queue.release('a', 'one', Infinity);
      expect(queue.claim('one', Date.now(), 10)).toBeNull();
    });
  });
});

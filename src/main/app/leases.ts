import type { Store } from './ports/store.ts';
import type { Clock } from './ports/system.ts';

/** A job that this process holds. `owner` names this one claim of it. */
export interface Claim {
  jobId: string;
  owner: string;
}

/** The worker's side of the queue. Every call rejects when the store refuses, and may be made again then. */
export interface Leases {
  /** Claims up to `count` jobs and gives back what is owed, in one commit. */
  take(count: number): Promise<Claim[]>;
  /** The run of a claim is over: its lease is owed until it could be given back, available again at that time. */
  owe(claim: Claim, availableAtMs: number): void;
  owesAny(): boolean;
  giveBack(): Promise<void>;
  /** Extends the leases; returns the claims of them that are lost. */
  extend(claims: readonly Claim[]): Promise<Claim[]>;
}

interface Deps {
  store: Store;
  clock: Clock;
  /** Unique for this process and start; each claim's lease adds a number to it. */
  owner: string;
  leaseMs: number;
}

export function createLeases({ store, clock, owner, leaseMs }: Deps): Leases {
  const owed: (Claim & { availableAtMs: number })[] = [];
  let claims = 0;
  const take = async (count: number): Promise<Claim[]> => {
    const owners = Array.from({ length: count }, () => `${owner}/${(claims += 1)}`);
    const returned = [...owed];
    const taken = await store.commit(({ queue }) => {
      returned.forEach((lease) => queue.release(lease.jobId, lease.owner, lease.availableAtMs));
      const claimed: Claim[] = [];
      for (const name of owners) {
        const jobId = queue.claim(name, clock.now(), leaseMs);
        if (jobId === null) break;
        claimed.push({ jobId, owner: name });
      }
      return claimed;
    });
    owed.splice(0, returned.length);
    return taken;
  };
  return {
    take,
    owe: (claim, availableAtMs) => void owed.push({ ...claim, availableAtMs }),
    owesAny: () => owed.length > 0,
    giveBack: async () => void (owed.length > 0 && (await take(0))),
    extend: (held) =>
      store.commit(({ queue }) =>
        held.filter((claim) => !queue.heartbeat(claim.owner, clock.now(), leaseMs).includes(claim.jobId)),
      ),
  };
}

import type { Store } from './ports/store.ts';
import type { ProcessFacts } from './ports/system.ts';

/** Name of this start of this process: `host:pid:nonce`. Each claim adds `/n`. */
export const leaseOwner = (facts: ProcessFacts, nonce: string): string =>
  `${facts.hostname}:${facts.pid}:${nonce}`;

/**
 * Gives back the leases of processes of this host that are gone, so that a job goes on at once after a crash instead
 * of when its lease ends. A pid that was used again only means waiting for the end of the lease. Returns how many.
 */
export function releaseDeadLeases(store: Store, facts: ProcessFacts, nowMs: number): number {
  return store.transaction(({ queue }) => {
    const dead = queue.leases(nowMs).filter(({ owner }) => isDead(owner, facts));
    dead.forEach(({ jobId, owner }) => queue.release(jobId, owner, nowMs));
    return dead.length;
  });
}

/** True for an owner of this host whose process is gone. */
export function isDead(owner: string, facts: ProcessFacts): boolean {
  const [hostname, pid] = owner.split(':');
  if (hostname !== facts.hostname || pid === undefined) return false;
  return Number(pid) !== facts.pid && !facts.isAlive(Number(pid));
}

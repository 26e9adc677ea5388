import type { QueueTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

/** "Never by itself" may be asked for as Infinity, which an INTEGER column cannot hold. */
const bounded = (atMs: number): number => Math.min(atMs, Number.MAX_SAFE_INTEGER);

export function createQueueTable(db: Connection): QueueTable {
  return { ...queueWrites(db), ...leases(db), ...queueReads(db) };
}

function queueWrites(db: Connection): Pick<QueueTable, 'enqueue' | 'remove'> {
  // The position stays: a job that is woken does not lose its place.
  const enqueue = db.command<[string, number, number]>(
    `INSERT INTO queue (job_id, priority, available_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (job_id) DO UPDATE SET
       priority = excluded.priority, available_at_ms = min(available_at_ms, excluded.available_at_ms)`,
  );
  const remove = db.command<[string]>('DELETE FROM queue WHERE job_id = ?');
  return {
    enqueue: (jobId, priority, availableAtMs) => void enqueue.run(jobId, priority, bounded(availableAtMs)),
    remove: (jobId) => void remove.run(jobId),
  };
}

function leases(db: Connection): Pick<QueueTable, 'claim' | 'heartbeat' | 'holds' | 'release'> {
  const first = db.query<[number, number], { position: number; jobId: string }>(
    `SELECT position, job_id AS jobId FROM queue WHERE available_at_ms <= ? AND lease_end_ms <= ?
     ORDER BY priority DESC, available_at_ms, position LIMIT 1`,
  );
  const lease = db.command<[string, number, number]>(
    'UPDATE queue SET lease_owner = ?, lease_end_ms = ? WHERE position = ?',
  );
  // A lease that has ended is not extended: another worker may be deciding to take the job.
  const extend = db.command<[number, string, number]>(
    'UPDATE queue SET lease_end_ms = ? WHERE lease_owner = ? AND lease_end_ms > ?',
  );
  const held = db.query<[string, number], { jobId: string }>(
    'SELECT job_id AS jobId FROM queue WHERE lease_owner = ? AND lease_end_ms > ? ORDER BY position',
  );
  const holds = db.query<[string, string, number], { found: number }>(
    'SELECT 1 AS found FROM queue WHERE job_id = ? AND lease_owner = ? AND lease_end_ms > ?',
  );
  const release = db.command<[number, string, string]>(
    `UPDATE queue SET lease_owner = NULL, lease_end_ms = 0, available_at_ms = ?
     WHERE job_id = ? AND lease_owner = ?`,
  );
  return {
    claim: (owner, nowMs, leaseMs) => {
      const row = first.get(nowMs, nowMs);
      if (row === undefined) return null;
      lease.run(owner, nowMs + leaseMs, row.position);
      return row.jobId;
    },
    heartbeat: (owner, nowMs, leaseMs) => {
      extend.run(nowMs + leaseMs, owner, nowMs);
      return held.all(owner, nowMs).map((row) => row.jobId);
    },
    holds: (jobId, owner, nowMs) => holds.get(jobId, owner, nowMs) !== undefined,
    release: (jobId, owner, availableAtMs) => void release.run(bounded(availableAtMs), jobId, owner),
  };
}

function queueReads(db: Connection): Pick<QueueTable, 'leases' | 'nextAvailableAt' | 'countQueued'> {
  const leases = db.query<[number], { jobId: string; owner: string }>(
    'SELECT job_id AS jobId, lease_owner AS owner FROM queue WHERE lease_owner IS NOT NULL AND lease_end_ms > ? ORDER BY position',
  );
  const next = db.query<[], { atMs: number | null }>(
    'SELECT min(max(available_at_ms, lease_end_ms)) AS atMs FROM queue',
  );
  const queued = db.query<[number], { n: number }>('SELECT count(*) AS n FROM queue WHERE lease_end_ms <= ?');
  return {
    leases: (nowMs) => leases.all(nowMs),
    nextAvailableAt: () => next.get()?.atMs ?? null,
    countQueued: (nowMs) => queued.get(nowMs)?.n ?? 0,
  };
}

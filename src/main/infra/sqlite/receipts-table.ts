import type { ReceiptsTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createReceiptsTable(db: Connection): ReceiptsTable {
  const one = db.query<[string], { jobId: string; requestHash: string }>(
    'SELECT job_id AS jobId, request_hash AS requestHash FROM idempotency_keys WHERE key = ?',
  );
  const insert = db.command<[string, string, string, number]>(
    'INSERT INTO idempotency_keys (key, job_id, request_hash, at_ms) VALUES (?, ?, ?, ?)',
  );
  return {
    get: (key) => one.get(key) ?? null,
    insert: (key, jobId, requestHash, atMs) => void insert.run(key, jobId, requestHash, atMs),
  };
}

import type { Plan } from '../../../shared/plan.ts';
import type { PlansTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createPlansTable(db: Connection): PlansTable {
  const insert = db.command<[string, number, string, number]>(
    'INSERT INTO plans (job_id, version, plan, at_ms) VALUES (?, ?, ?, ?)',
  );
  const one = db.query<[string, number], { version: number; plan: string; createdAtMs: number }>(
    'SELECT version, plan, at_ms AS createdAtMs FROM plans WHERE job_id = ? AND version = ?',
  );
  return {
    insert: (jobId, version, plan, atMs) => void insert.run(jobId, version, JSON.stringify(plan), atMs),
    get: (jobId, version) => {
      const row = one.get(jobId, version);
      return row === undefined ? null : { ...row, plan: JSON.parse(row.plan) as Plan };
    },
  };
}

import type { Report } from '../../../shared/report.ts';
import type { ReportsTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createReportsTable(db: Connection): ReportsTable {
  const save = db.command<[string, string, number]>(
    `INSERT INTO reports (job_id, report, at_ms) VALUES (?, ?, ?)
     ON CONFLICT (job_id) DO UPDATE SET report = excluded.report, at_ms = excluded.at_ms`,
  );
  const one = db.query<[string], { report: string }>('SELECT report FROM reports WHERE job_id = ?');
  return {
    save: (jobId, report, atMs) => void save.run(jobId, JSON.stringify(report), atMs),
    get: (jobId) => {
      const row = one.get(jobId);
      return row === undefined ? null : (JSON.parse(row.report) as Report);
    },
  };
}

import type { SandboxRunRow, SandboxRunsTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

type Stored = Omit<SandboxRunRow, 'timedOut'> & { timedOut: number };

export function createSandboxRunsTable(db: Connection): SandboxRunsTable {
  const insert = db.command<[Stored]>(
    `INSERT INTO sandbox_runs
       (run_id, job_id, purpose, command, exit_code, timed_out, duration_ms, output, at_ms)
     VALUES (@runId, @jobId, @purpose, @command, @exitCode, @timedOut, @durationMs, @output, @atMs)`,
  );
  const ofJob = db.query<[string], Stored>(
    `SELECT run_id AS runId, job_id AS jobId, purpose, command, exit_code AS exitCode, timed_out AS timedOut,
       duration_ms AS durationMs, output, at_ms AS atMs
     FROM sandbox_runs WHERE job_id = ? ORDER BY rowid`,
  );
  return {
    insert: (row) => void insert.run({ ...row, timedOut: row.timedOut ? 1 : 0 }),
    ofJob: (jobId) => ofJob.all(jobId).map((row) => ({ ...row, timedOut: row.timedOut === 1 })),
  };
}

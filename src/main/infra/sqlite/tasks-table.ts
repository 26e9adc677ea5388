import type { TaskRow, TasksTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';

export function createTasksTable(db: Connection): TasksTable {
  const upsert = db.command<[TaskRow]>(
    `INSERT INTO tasks (job_id, task_id, status, summary) VALUES (@jobId, @taskId, @status, @summary)
     ON CONFLICT (job_id, task_id) DO UPDATE SET status = excluded.status, summary = excluded.summary`,
  );
  const ofJob = db.query<[string], TaskRow>(
    'SELECT job_id AS jobId, task_id AS taskId, status, summary FROM tasks WHERE job_id = ? ORDER BY rowid',
  );
  return { upsert: (row) => void upsert.run(row), ofJob: (jobId) => ofJob.all(jobId) };
}

import type { JobEvent, JobState } from '../../../shared/job.ts';
import type { EventsTable, EventToAppend } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';
import { isoOf, parseObject } from './stored-json.ts';

interface EventRow {
  id: number;
  job_id: string;
  at_ms: number;
  state: JobState;
  message: string;
  metadata: string;
}
interface JobRange {
  jobId: string;
  afterId: number;
  beforeId: number;
  limit: number;
}
const selected = 'SELECT id, job_id, at_ms, state, message, metadata FROM job_events';
/** Above any id: rowids are 64 bit, but numbers here end at 2^53. */
const noEnd = Number.MAX_SAFE_INTEGER;

export function createEventsTable(db: Connection): EventsTable {
  const insert = db.command<[string, number, number, string, string, string]>(
    'INSERT INTO job_events (job_id, version, at_ms, state, message, metadata) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // Within a job, versions go up with ids, so that the index of the one serves for the other. An id is most often that
  // of an event of the job, which gives its version; the range of another job's id is walked in the index.
  const inJob = `${selected} WHERE job_id = @jobId AND id > @afterId AND id < @beforeId
    AND version > coalesce((SELECT version FROM job_events WHERE id = @afterId AND job_id = @jobId), 0)
    AND version < coalesce((SELECT version FROM job_events WHERE id = @beforeId AND job_id = @jobId), ${noEnd})`;
  const forward = db.query<[JobRange], EventRow>(`${inJob} ORDER BY version LIMIT @limit`);
  const backward = db.query<[JobRange], EventRow>(`${inJob} ORDER BY version DESC LIMIT @limit`);
  // What a reader of a whole job asks first.
  const whole = db.query<[string, number], EventRow>(`${selected} WHERE job_id = ? ORDER BY version LIMIT ?`);
  const newest = db.query<[string], EventRow>(`${selected} WHERE job_id = ? ORDER BY version DESC LIMIT 1`);
  const all = db.query<[number, number], EventRow>(`${selected} WHERE id > ? ORDER BY id LIMIT ?`);
  const head = db.query<[], { id: number | null }>('SELECT max(id) AS id FROM job_events');

  const append = (jobId: string, event: EventToAppend): JobEvent => {
    const { version, atMs, state, message, metadata } = event;
    const { lastId } = insert.run(jobId, version, atMs, state, message, JSON.stringify(metadata));
    return { id: lastId, job_id: jobId, at: isoOf(atMs), state, message, metadata };
  };
  return {
    append: (jobId, events) => events.map((event) => append(jobId, event)),
    ofJob: (jobId, { afterId, beforeId = noEnd, limit, tail }) => {
      if (afterId === 0 && beforeId === noEnd && !tail) return whole.all(jobId, limit).map(toEvent);
      const range = { jobId, afterId, beforeId, limit };
      return tail ? backward.all(range).map(toEvent).reverse() : forward.all(range).map(toEvent);
    },
    all: (afterId, limit) => all.all(afterId, limit).map(toEvent),
    last: (jobId) => {
      const row = newest.get(jobId);
      return row === undefined ? null : toEvent(row);
    },
    head: () => head.get()?.id ?? 0,
  };
}

const toEvent = (row: EventRow): JobEvent => ({
  id: row.id,
  job_id: row.job_id,
  at: isoOf(row.at_ms),
  state: row.state,
  message: row.message,
  metadata: parseObject(row.metadata),
});

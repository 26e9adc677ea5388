import type { Escalation, EscalationView, Severity } from '../../../shared/escalation.ts';
import type { EscalationsTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';
import { isoOf, parseObject } from './stored-json.ts';

interface EscalationRow {
  seq: number;
  escalation_id: string;
  at: string;
  job_id: string;
  severity: Severity;
  reason: string;
  metadata: string;
  resolved_at_ms: number | null;
  answer: string | null;
}

export function createEscalationsTable(db: Connection): EscalationsTable {
  const insert = db.command<[Omit<Escalation, 'metadata'> & { metadata: string }]>(
    `INSERT INTO escalations (escalation_id, at, job_id, severity, reason, metadata)
     VALUES (@escalation_id, @at, @job_id, @severity, @reason, @metadata)`,
  );
  const resolve = db.command<[number, string | null, string]>(
    'UPDATE escalations SET resolved_at_ms = ?, answer = ? WHERE escalation_id = ? AND resolved_at_ms IS NULL',
  );
  const select = <P extends unknown[]>(rest: string) =>
    db.query<P, EscalationRow>(`SELECT * FROM escalations ${rest}`);
  const one = select<[string]>('WHERE escalation_id = ?');
  // Asked at the end of every job, of which most have none; an empty list costs many times as much as this.
  const hasAny = db.query<[string], { found: number }>(
    'SELECT 1 AS found FROM escalations WHERE job_id = ? LIMIT 1',
  );
  const ofJob = select<[string]>('WHERE job_id = ? ORDER BY seq');
  const newest = select<[number]>('ORDER BY seq DESC LIMIT ?');
  const newestOpen = select<[number]>('WHERE resolved_at_ms IS NULL ORDER BY seq DESC LIMIT ?');
  const newestClosed = select<[number]>('WHERE resolved_at_ms IS NOT NULL ORDER BY seq DESC LIMIT ?');
  const since = select<[number, number]>('WHERE seq > ? ORDER BY seq LIMIT ?');
  const open = db.query<[], { n: number }>(
    'SELECT count(*) AS n FROM escalations WHERE resolved_at_ms IS NULL',
  );
  return {
    insert: (row) => void insert.run({ ...row, metadata: JSON.stringify(row.metadata) }),
    get: (id) => one.all(id).map(toView)[0] ?? null,
    ofJob: (jobId) => (hasAny.get(jobId) === undefined ? [] : ofJob.all(jobId).map(toView)),
    list: (query) => {
      const chosen = query.open === undefined ? newest : query.open ? newestOpen : newestClosed;
      return chosen.all(query.limit).map(toView);
    },
    countOpen: () => open.get()?.n ?? 0,
    resolve: (id, atMs, answer) => resolve.run(atMs, answer, id).changes === 1,
    since: (afterSeq, limit) =>
      since.all(afterSeq, limit).map((row) => ({ seq: row.seq, escalation: toEscalation(row) })),
  };
}

const toEscalation = (row: EscalationRow): Escalation => ({
  escalation_id: row.escalation_id,
  at: row.at,
  job_id: row.job_id,
  severity: row.severity,
  reason: row.reason,
  metadata: parseObject(row.metadata),
});

const toView = (row: EscalationRow): EscalationView => ({
  ...toEscalation(row),
  resolved_at: row.resolved_at_ms === null ? null : isoOf(row.resolved_at_ms),
  answer: row.answer,
});

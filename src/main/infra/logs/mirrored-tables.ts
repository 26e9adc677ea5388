import type { AuditTable, AuditRecord, EscalationsTable } from '../../app/ports/store.ts';

/** An append-only table as lines of a file. `seq` counts up from 1. */
export interface LineSource {
  name: string;
  since(afterSeq: number, limit: number): { seq: number; line: string }[];
  /** Whether there are any. */
  hasSince(afterSeq: number): boolean;
  /**
   * Sequence number of the record that a line of the file stands for, null when this table has no such record.
   * `hint` is a number that the record's is known not to be below.
   */
  seqOf(line: string, hint: number): number | null;
}

/** compatibility.md §3, then what chains the records; the order of the keys is part of the format. */
export function auditLine(record: AuditRecord): string {
  const { at, job_id, category, action, metadata, seq, prev_hash, hash } = record;
  return JSON.stringify({ at, job_id, category, action, metadata, seq, prev_hash, hash });
}

export function auditSource(audit: AuditTable): LineSource {
  const since: LineSource['since'] = (afterSeq, limit) =>
    audit.since(afterSeq, limit).map((record) => ({ seq: record.seq, line: auditLine(record) }));
  return {
    name: 'audit',
    since,
    hasSince: (afterSeq) => audit.count() > afterSeq,
    seqOf: (line) => {
      const seq = fieldOf(line, 'seq');
      if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return null;
      return since(seq - 1, 1)[0]?.line === line ? seq : null;
    },
  };
}

export function escalationSource(escalations: EscalationsTable): LineSource {
  const since: LineSource['since'] = (afterSeq, limit) =>
    escalations
      .since(afterSeq, limit)
      .map(({ seq, escalation }) => ({ seq, line: JSON.stringify(escalation) }));
  return {
    name: 'escalation',
    since,
    hasSince: (afterSeq) => escalations.since(afterSeq, 1).length > 0,
    seqOf: (line, hint) => {
      const id = fieldOf(line, 'escalation_id');
      if (typeof id !== 'string' || escalations.get(id) === null) return null;
      return findSeq(since, line, Math.max(0, hint - 1));
    },
  };
}

/** The compatible shape has no number in it, so the record is looked for; after the start, from the last one known. */
function findSeq(since: LineSource['since'], line: string, from: number): number | null {
  for (let after = from; ;) {
    const page = since(after, 500);
    const found = page.find((row) => row.line === line);
    if (found) return found.seq;
    const last = page.at(-1);
    if (!last) return null;
    after = last.seq;
  }
}

function fieldOf(line: string, field: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : null;
  } catch {
    return null;
  }
}

import { canonicalJson, chain } from '../../domain/audit-chain.ts';
import type { AuditEntry, AuditRecord, AuditTable } from '../../app/ports/store.ts';
import type { Connection } from './connection.ts';
import { parseObject } from './stored-json.ts';

type Stored = Omit<AuditRecord, 'metadata'> & { metadata: string };

export function createAuditTable(db: Connection): AuditTable {
  const last = db.query<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1',
  );
  const insert = db.command<[number, string, string | null, string, string, string, string, string]>(
    `INSERT INTO audit (seq, at, job_id, category, action, metadata, prev_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const since = db.query<[number, number], Stored>('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?');
  // Numbers have no gaps, so the last one is the count; counting rows would read them all.
  const count = db.query<[], { n: number | null }>('SELECT max(seq) AS n FROM audit');

  return {
    append: (entries) => {
      let tail = last.get() ?? null;
      for (const { at, job_id, category, action, metadata } of entries) {
        const text = canonicalJson(metadata);
        const record = chain<AuditEntry>(tail, { at, job_id, category, action, metadata }, text);
        insert.run(record.seq, at, job_id, category, action, text, record.prev_hash, record.hash);
        tail = record;
      }
    },
    since: (afterSeq, limit) =>
      since.all(afterSeq, limit).map((row) => ({ ...row, metadata: parseObject(row.metadata) })),
    count: () => count.get()?.n ?? 0,
  };
}

import { hash } from 'node:crypto';
import type { auditVerdictSchema } from '../../shared/operations.ts';
import type { z } from 'zod';

/** `prev_hash` of the first record. */
export const genesisHash = '0'.repeat(64);

/** What a hash covers beside itself. */
export interface AuditFacts {
  seq: number;
  at: string;
  job_id: string | null;
  category: string;
  action: string;
  metadata: Record<string, unknown>;
  prev_hash: string;
}
export interface ChainedRecord extends AuditFacts {
  hash: string;
}
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

/**
 * The canonical JSON of RFC 8785: keys sorted by UTF-16 code units, no white space, numbers and strings as
 * JSON.stringify writes them. Two values that a JSON round trip cannot tell apart give the same text.
 */
export function canonicalJson(value: unknown): string {
  return serialize(value) ?? 'null';
}

/** Undefined for what JSON leaves out: undefined, functions, symbols. */
function serialize(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (hasToJson(value)) return serialize(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let members = '';
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields).sort()) {
    const text = serialize(fields[key]);
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${text}`;
  }
  return `{${members}}`;
}

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/**
 * Lower-case hexadecimal SHA-256 over the canonical JSON of exactly the fields of `AuditFacts`. Who needs the
 * canonical JSON of `metadata` as well hands it in, since that is most of the work.
 */
export function auditHash(record: AuditFacts, metadata = canonicalJson(record.metadata)): string {
  const { seq, at, job_id, category, action, prev_hash } = record;
  const json = JSON.stringify;
  const before = `{"action":${json(action)},"at":${json(at)},"category":${json(category)},"job_id":${json(job_id)}`;
  const after = `"prev_hash":${json(prev_hash)},"seq":${json(seq)}}`;
  return hash('sha256', `${before},"metadata":${metadata},${after}`, 'hex');
}

/** The record of an entry behind `last` (null: the first one). `metadata` as `auditHash` takes it. */
export function chain<E extends Omit<AuditFacts, 'seq' | 'prev_hash'>>(
  last: { seq: number; hash: string } | null,
  entry: E,
  metadata?: string,
): E & ChainedRecord {
  const linked = { ...entry, seq: (last?.seq ?? 0) + 1, prev_hash: last?.hash ?? genesisHash };
  return { ...linked, hash: auditHash(linked, metadata) };
}

/** Checks records one by one in the order they come: null while whole, else what is wrong with this one. */
export function createChainChecker(): (record: ChainedRecord) => string | null {
  let last: { seq: number; hash: string } = { seq: 0, hash: genesisHash };
  return (record) => {
    if (record.seq !== last.seq + 1) {
      return `record ${last.seq + 1} is missing: record ${record.seq} stands in its place`;
    }
    if (record.prev_hash !== last.hash) return `record ${record.seq} does not follow the record before it`;
    if (record.hash !== auditHash(record)) return `record ${record.seq} was changed: its hash does not match`;
    last = { seq: record.seq, hash: record.hash };
    return null;
  };
}

/**
 * Verifies a whole chain from the first record on and names the first broken one. Records cut off at the end leave no
 * trace in the chain itself: compare with the log file (`verifyAuditFile`) for these.
 */
export function verifyAudit(records: Iterable<ChainedRecord>): AuditVerdict {
  const check = createChainChecker();
  let count = 0;
  for (const record of records) {
    const wrong = check(record);
    if (wrong !== null) return broken(count, wrong);
    count += 1;
  }
  return whole(count);
}

/**
 * As `verifyAudit`, but lets `turn` run after each thousand records (about 5 ms), so that a long log does not hold up
 * the main process.
 */
export async function verifyAuditInTurns(
  records: Iterable<ChainedRecord>,
  turn: () => Promise<void>,
): Promise<AuditVerdict> {
  const check = createChainChecker();
  let count = 0;
  for (const record of records) {
    const wrong = check(record);
    if (wrong !== null) return broken(count, wrong);
    count += 1;
    if (count % 1000 === 0) await turn();
  }
  return whole(count);
}

/** The verdict on a chain whose first `good` records are whole and whose next one is not. */
export const broken = (good: number, detail: string): AuditVerdict => ({
  ok: false,
  records: good,
  first_broken: good + 1,
  detail,
});

export const whole = (records: number): AuditVerdict => ({
  ok: true,
  records,
  first_broken: null,
  detail: `${records} records, none broken`,
});

/** All records of a store page by page, so that no more than a page is in memory. */
export function* auditPages<R extends { seq: number }>(
  since: (afterSeq: number, limit: number) => R[],
  pageSize = 1000,
): Generator<R> {
  let after = 0;
  for (;;) {
    const page = since(after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.seq;
  }
}

import { createReadStream } from 'node:fs';
import { broken, createChainChecker, whole, type AuditVerdict } from '../../domain/audit-chain.ts';
import type { AuditRecord, AuditTable } from '../../app/ports/store.ts';
import { auditLine } from './mirrored-tables.ts';

/**
 * Verifies the JSON Lines file of the audit byte by byte: each line must be exactly what was written, and the chain must
 * hold from the first record. With `audit`, each line must also be the database's record, and none may be missing at
 * the end (flush the mirror first). A file that cannot be read is a broken one; never rejects.
 */
export async function verifyAuditFile(path: string, audit?: AuditTable): Promise<AuditVerdict> {
  const check = createChainChecker();
  const stored = audit === undefined ? null : createLookAhead(audit);
  let count = 0;
  try {
    for await (const line of readLines(path)) {
      const number = count + 1;
      const record = parseLine(line);
      if (record === null) return broken(count, `line ${number} of ${path} is damaged`);
      const wrong = check(record);
      if (wrong !== null) return broken(count, `${wrong} (line ${number} of ${path})`);
      if (stored !== null && stored(number) !== auditLine(record)) {
        return broken(count, `record ${number} of ${path} is not the one in the database`);
      }
      count = number;
    }
  } catch (error) {
    const isEmpty = audit !== undefined && audit.count() === 0;
    if (isEmpty && isMissing(error)) return whole(0);
    const reason = error instanceof Error ? error.message : String(error);
    return broken(count, `${path} cannot be read: ${reason}`);
  }
  const missing = audit === undefined ? 0 : audit.count() - count;
  if (missing > 0) return broken(count, `the last ${missing} records are missing in ${path}`);
  return whole(count);
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The database's line for a number; numbers are asked for in ascending order. */
function createLookAhead(audit: AuditTable): (seq: number) => string | null {
  let page = new Map<number, string>();
  return (seq) => {
    if (!page.has(seq)) {
      page = new Map(audit.since(seq - 1, 500).map((record) => [record.seq, auditLine(record)]));
    }
    return page.get(seq) ?? null;
  };
}

/** Bytes that are not UTF-8 must not slip through as replacement characters. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null unless the bytes are, to the last one, what `auditLine` gives for a record. */
function parseLine(bytes: Buffer): AuditRecord | null {
  try {
    const text = strictUtf8.decode(bytes);
    const record = JSON.parse(text) as AuditRecord;
    return auditLine(record) === text ? record : null;
  } catch {
    return null;
  }
}

/** Lines as bytes without their newline; a last one without a newline is torn, and given with a mark that breaks it. */
async function* readLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = buffer.indexOf(0x0a); end !== -1; end = buffer.indexOf(0x0a)) {
      yield buffer.subarray(0, end);
      buffer = buffer.subarray(end + 1);
    }
    rest = buffer;
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.from('\0')]);
}

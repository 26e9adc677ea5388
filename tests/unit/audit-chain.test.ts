import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auditPages,
  canonicalJson,
  chain,
  genesisHash,
  verifyAudit,
  verifyAuditInTurns,
  type ChainedRecord,
} from '../../src/main/domain/audit-chain.ts';

interface Entry {
  at: string;
  job_id: string | null;
  category: string;
  action: string;
  metadata: Record<string, unknown>;
}

const metadata = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<
  Record<string, unknown>
>;
const entry: fc.Arbitrary<Entry> = fc.record({
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  job_id: fc.option(fc.uuid(), { nil: null }),
  category: fc.constantFrom('job', 'workflow'),
  action: fc.string(),
  metadata,
});

function chained(entries: readonly Entry[]): ChainedRecord[] {
  const records: ChainedRecord[] = [];
  for (const item of entries) records.push(chain(records.at(-1) ?? null, item));
  return records;
}
const entries = fc.array(entry, { minLength: 1, maxLength: 12 });

describe('canonical JSON', () => {
  it('sorts keys at every depth and leaves out what JSON leaves out', () => {
    const value = { b: [{ d: 1, c: undefined }], a: NaN, 10: 'x', 9: new Date(0), f: () => 1, é: '\u2028"' };
    expect(canonicalJson(value)).toBe(
      '{"10":"x","9":"1970-01-01T00:00:00.000Z","a":null,"b":[{"d":1}],"é":"\u2028\\""}',
    );
    expect(canonicalJson(undefined)).toBe('null');
    expect(canonicalJson([undefined, -0, 1e21])).toBe('[null,0,1e+21]');
  });

  it('is the same after a round trip, in whatever order the keys were', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('audit chain', () => {
  it('begins with zeros and has hashes that another program can compute', () => {
    const [first] = chained([
      { at: 't', job_id: null, category: 'job', action: 'created', metadata: { b: 1, a: 'x' } },
    ]);
    // printf %s '{"action":"created",…,"seq":1}' | sha256sum
    expect(first).toMatchObject({
      seq: 1,
      prev_hash: genesisHash,
      hash: '78317981ad0b2729c59d32614e3d8cb202dae35ed72f6584220f4efe6cb5d28e',
    });
  });

  it('is whole as it was written, also in pages', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 5 }), async (items, pageSize) => {
        const records = chained(items);
        const since = (after: number, limit: number) => records.slice(after, after + limit);
        const expected = { ok: true, records: records.length, first_broken: null };
        expect(verifyAudit(auditPages(since, pageSize))).toMatchObject(expected);
        expect(await verifyAuditInTurns(records, async () => undefined)).toMatchObject(expected);
      }),
    );
    expect(verifyAudit([])).toMatchObject({ ok: true, records: 0 });
  });

  it('lets others run in between', async () => {
    const one: Entry = { at: 't', job_id: null, category: 'job', action: 'a', metadata: {} };
    let turns = 0;
    await verifyAuditInTurns(chained(Array.from({ length: 2500 }, () => one)), async () => void (turns += 1));
    expect(turns).toBe(2);
  });

  it('names the first record that was changed, in any field', () => {
    const change: fc.Arbitrary<Partial<ChainedRecord>> = fc.oneof(
      fc.string().map((action) => ({ action })),
      fc.string().map((at) => ({ at })),
      fc.string().map((job_id) => ({ job_id })),
      metadata.map((value) => ({ metadata: value })),
      fc.stringMatching(/^[0-9a-f]{64}$/).map((hash) => ({ hash })),
      fc.stringMatching(/^[0-9a-f]{64}$/).map((prev_hash) => ({ prev_hash })),
      fc.nat().map((seq) => ({ seq })),
    );
    fc.assert(
      fc.property(entries, fc.nat(), change, (items, at, changed) => {
        const records = chained(items);
        const index = at % records.length;
        const before = records[index]!;
        const after = { ...before, ...changed };
        fc.pre(canonicalJson(after) !== canonicalJson(before));
        records[index] = after;
        expect(verifyAudit(records)).toMatchObject({ ok: false, records: index, first_broken: index + 1 });
      }),
    );
  });

  it('names where a record was taken out, put in or moved', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (items, at) => {
        const records = chained(items);
        fc.pre(records.length > 1);
        const index = at % (records.length - 1);
        const verdict = (changed: ChainedRecord[]) => verifyAudit(changed).first_broken;
        expect(verdict(records.toSpliced(index, 1))).toBe(index + 1);
        expect(verdict(records.toSpliced(index, 0, records[index + 1]!))).toBe(index + 1);
        expect(verdict(records.toSpliced(index, 2, records[index + 1]!, records[index]!))).toBe(index + 1);
      }),
    );
  });
});

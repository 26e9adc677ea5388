import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createLogMirror, type LogMirror } from '../../../src/main/infra/logs/json-lines-mirror.ts';
import { verifyAuditFile } from '../../../src/main/infra/logs/verify-audit-file.ts';
import { jobRecord, openStore, startPeer, temporaryFolder } from '../sqlite/support.ts';

interface Scene {
  folder: string;
  store: Store;
  auditPath: string;
  escalationPath: string;
  said: string[];
  open: () => LogMirror;
}

function newScene(): Scene {
  const folder = temporaryFolder();
  const store = openStore(join(folder, 'jobs.db'));
  store.transaction(({ jobs }) => jobs.insert(jobRecord('a')));
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const paths = {
    auditPath: join(folder, 'logs', 'audit.log'),
    escalationPath: join(folder, 'logs', 'esc.log'),
  };
  const log = { info: say, warn: say, error: say };
  return { folder, store, ...paths, said, open: () => createLogMirror({ store, ...paths, log }) };
}

function record(store: Store, count: number): void {
  store.transaction(({ audit, escalations }) => {
    for (let n = 0; n < count; n += 1) {
      const at = new Date(n).toISOString();
      audit.append([
        { at, job_id: 'a', category: 'job', action: 'step', metadata: { n, text: '한국어 "x"\n' } },
      ]);
      escalations.insert({
        escalation_id: `e${store.tables.audit.count()}`,
        at,
        job_id: 'a',
        severity: 'info',
        reason: 'why',
        metadata: { n },
      });
    }
  });
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const parsed = (path: string): Record<string, unknown>[] =>
  linesOf(path).map((line) => JSON.parse(line) as Record<string, unknown>);

/** Both files hold exactly what the database holds. */
async function expectComplete({ store, auditPath, escalationPath }: Scene): Promise<void> {
  expect(await verifyAuditFile(auditPath, store.tables.audit)).toMatchObject({
    ok: true,
    records: store.tables.audit.count(),
  });
  expect(parsed(auditPath)).toEqual(store.tables.audit.since(0, 10_000));
  expect(parsed(escalationPath)).toEqual(
    store.tables.escalations.since(0, 10_000).map((row) => row.escalation),
  );
}

describe('log mirror', () => {
  it('writes the compatible shapes, for this user alone', async () => {
    const scene = newScene();
    record(scene.store, 1);
    await scene.open().flush();
    expect(Object.keys(parsed(scene.auditPath)[0]!)).toEqual([
      'at',
      'job_id',
      'category',
      'action',
      'metadata',
      'seq',
      'prev_hash',
      'hash',
    ]);
    expect(Object.keys(parsed(scene.escalationPath)[0]!)).toEqual([
      'escalation_id',
      'at',
      'job_id',
      'severity',
      'reason',
      'metadata',
    ]);
    const modes = [join(scene.folder, 'logs'), scene.auditPath].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });

  it('follows commits, in batches, and catches up when it starts', async () => {
    const scene = newScene();
    const mirror = scene.open();
    record(scene.store, 450);
    mirror.poke();
    await mirror.flush();
    await expectComplete(scene);
    record(scene.store, 3);
    await mirror.close();
    await expectComplete(scene);
    record(scene.store, 3);
    await scene.open().flush();
    await expectComplete(scene);
    expect(scene.said).toEqual([]);
  });

  it('repairs a file that was cut anywhere, as kill -9 or a full disk leaves it', async () => {
    const scene = newScene();
    record(scene.store, 6);
    await scene.open().close();
    const whole = readFileSync(scene.auditPath);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        truncateSync(scene.auditPath, length);
        await scene.open().close();
        expect(readFileSync(scene.auditPath).equals(whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(scene.said).toEqual([]);
  });

  it('writes a file that was removed again, while it runs', async () => {
    const scene = newScene();
    record(scene.store, 3);
    const mirror = scene.open();
    await mirror.flush();
    rmSync(scene.auditPath);
    record(scene.store, 1);
    await mirror.flush();
    await expectComplete(scene);
  });

  it.each([
    [
      'of the first Dev Crew',
      '{"at":"2024-01-01","job_id":"x","category":"job","action":"created","metadata":{}}\n',
    ],
    ['that is no log at all', 'my notes, without a newline at the end'],
    [
      'of another database',
      '{"at":"x","job_id":"a","category":"job","action":"a","metadata":{},"seq":1,"prev_hash":"0","hash":"1"}\n',
    ],
    ['with zeros at its end, as a power failure may leave it', '\0\0\0\0'],
  ])('sets a file aside, whole, %s', async (_name, text) => {
    const scene = newScene();
    mkdirSync(join(scene.folder, 'logs'));
    writeFileSync(scene.auditPath, text);
    writeFileSync(`${scene.auditPath}.old-1`, 'from before');
    record(scene.store, 2);
    await scene.open().flush();
    expect(readFileSync(`${scene.auditPath}.old-1`, 'utf8')).toBe('from before');
    expect(readFileSync(`${scene.auditPath}.old-2`, 'utf8')).toBe(text);
    expect(scene.said).toEqual(['the audit log is not of this database: set aside']);
    await expectComplete(scene);
  });

  it('never throws, says once that it cannot write, and goes on at a later commit', async () => {
    const scene = newScene();
    mkdirSync(scene.auditPath, { recursive: true });
    const mirror = scene.open();
    record(scene.store, 1);
    await mirror.flush();
    record(scene.store, 1);
    await mirror.flush();
    expect(scene.said).toEqual(['the audit log cannot be written; trying again later']);
    expect(parsed(scene.escalationPath)).toHaveLength(2);
    rmSync(scene.auditPath, { recursive: true });
    await mirror.flush();
    expect(scene.said).toHaveLength(2);
    await expectComplete(scene);
  });

  it('shares its files with a second process: each line once, in order, even through kill -9', async () => {
    const scene = newScene();
    const mirror = scene.open();
    for (let round = 0; round < 3; round += 1) {
      const args = [join(scene.folder, 'jobs.db'), scene.auditPath, scene.escalationPath];
      const peer = startPeer('../logs/mirror-peer.ts', args);
      for (let n = 0; n < 25; n += 1) {
        await peer.line();
        record(scene.store, 2);
        await mirror.flush();
      }
      await peer.kill();
    }
    await mirror.close();
    expect(scene.store.tables.audit.count()).toBeGreaterThan(200);
    expect(scene.said).toEqual([]);
    await expectComplete(scene);
  });
});

describe('verifying the audit file', () => {
  it('finds any single byte that was changed, and names its record', async () => {
    const scene = newScene();
    record(scene.store, 5);
    await scene.open().close();
    const whole = readFileSync(scene.auditPath);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        writeFileSync(scene.auditPath, bytes);
        const line = whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
        expect(await verifyAuditFile(scene.auditPath)).toMatchObject({ ok: false, first_broken: line });
      }),
      { numRuns: 400 },
    );
  });

  it('finds records that were cut off, added, or rewritten with a new chain', async () => {
    const scene = newScene();
    record(scene.store, 3);
    await scene.open().close();
    const { audit } = scene.store.tables;
    const verdict = () => verifyAuditFile(scene.auditPath, audit);
    const whole = readFileSync(scene.auditPath, 'utf8');
    writeFileSync(scene.auditPath, whole.split('\n').slice(0, 2).join('\n') + '\n');
    expect(await verifyAuditFile(scene.auditPath)).toMatchObject({ ok: true, records: 2 });
    expect(await verdict()).toMatchObject({ ok: false, first_broken: 3, records: 2 });

    const other = newScene();
    record(other.store, 4);
    await other.open().close();
    writeFileSync(scene.auditPath, readFileSync(other.auditPath));
    expect(await verdict()).toMatchObject({ ok: false, first_broken: 4 });

    rmSync(scene.auditPath);
    expect(await verdict()).toMatchObject({ ok: false, first_broken: 1 });
    expect(await verifyAuditFile(scene.auditPath, newScene().store.tables.audit)).toMatchObject({ ok: true });
    appendFileSync(scene.auditPath, whole);
    expect(await verdict()).toMatchObject({ ok: true, records: 3 });
  });

  it('knows a record of the database that was tampered with', async () => {
    const scene = newScene();
    record(scene.store, 3);
    await scene.open().close();
    scene.store.close();
    const raw = new Database(join(scene.folder, 'jobs.db'));
    raw.exec(`DROP TRIGGER audit_no_update; UPDATE audit SET metadata = 'not JSON' WHERE seq = 2`);
    raw.close();
    const reopened = openStore(join(scene.folder, 'jobs.db'));
    expect(await verifyAuditFile(scene.auditPath, reopened.tables.audit)).toMatchObject({
      ok: false,
      first_broken: 2,
    });
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditPages, verifyAudit } from '../../../src/main/domain/audit-chain.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { jobRecord, openStore, startPeer, temporaryFolder } from './support.ts';

function storeWithJobs(jobIds: readonly string[]): { store: Store; path: string } {
  const path = join(temporaryFolder(), 'jobs.db');
  const store = openStore(path);
  store.transaction(({ jobs, queue }) => {
    for (const id of jobIds) {
      jobs.insert(jobRecord(id));
      queue.enqueue(id, 0, 1);
    }
  });
  return { store, path };
}

/** Whatever was interrupted: what is stored belongs together. */
function expectWhole(store: Store, jobId: string): number {
  const events = expectWholeJob(store, jobId);
  expectWholeAudit(store, events);
  return events;
}

function expectWholeAudit(store: Store, records: number): void {
  const audit = verifyAudit(auditPages((after, limit) => store.tables.audit.since(after, limit)));
  expect(audit).toMatchObject({ ok: true, records });
}

function expectWholeJob(store: Store, jobId: string): number {
  const events = store.tables.events.ofJob(jobId, { afterId: 0, limit: 100_000 });
  const orders = events.map((event) => event.metadata['call_order']);
  expect(orders).toEqual(events.map((_, index) => index + 1));
  expect(store.tables.jobs.get(jobId)?.version).toBe(events.length);
  return events.length;
}

describe('a second process on the file', () => {
  it('is heard of after each of its commits, and only of its commits', async () => {
    const { store, path } = storeWithJobs(['a', 'b']);
    const seen: number[] = [];
    let heard: () => void = () => undefined;
    store.onForeignCommit(() => {
      seen.push(store.tables.events.head());
      heard();
    });
    const peer = startPeer('peer.ts', ['commit', path, 'a']);
    expect(await peer.line()).toBe('ready');
    for (let n = 1; n <= 5; n += 1) {
      // Of our own commits nothing is heard: the next call is the peer's, and sees its event.
      store.transaction((tables) => tables.values.set('own', n));
      const next = new Promise<void>((resolve) => (heard = resolve));
      peer.tell('go');
      expect(await peer.line()).toBe(String(n));
      await next;
      expect(seen.at(-1)).toBe(n);
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('is not heard of any more after the stop', async () => {
    const { store, path } = storeWithJobs(['a']);
    let calls = 0;
    const stop = store.onForeignCommit(() => (calls += 1));
    const heard = new Promise<void>((resolve) => store.onForeignCommit(resolve));
    stop();
    stop();
    const peer = startPeer('peer.ts', ['commit', path, 'a']);
    await peer.line();
    peer.tell('go');
    await heard;
    expect(calls).toBe(0);
  });

  it('competes for jobs: each is claimed by exactly one', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `job-${n}`);
    const { store, path } = storeWithJobs(ids);
    const peers = ['one', 'two', 'three'].map((owner) => startPeer('peer.ts', ['claim', path, owner]));
    for (const peer of peers) expect(await peer.line()).toBe('ready');
    for (const peer of peers) peer.tell('go');
    const claimed = await Promise.all(
      peers.map(async (peer) => {
        const mine: string[] = [];
        for (let line = await peer.line(); line !== 'done'; line = await peer.line()) mine.push(line);
        return mine;
      }),
    );
    expect(claimed.flat().sort()).toEqual([...ids].sort());
    expect(store.tables.queue.leases(1_000)).toHaveLength(ids.length);
    expect(store.tables.queue.leases(2_000_000)).toEqual([]);
  });

  it('may start at the same moment on a file that does not exist yet', async () => {
    const path = join(temporaryFolder(), 'new', 'jobs.db');
    const peers = [1, 2, 3, 4].map(() => startPeer('peer.ts', ['open', path]));
    expect(await Promise.all(peers.map((peer) => peer.line()))).toEqual(['open', 'open', 'open', 'open']);
  });
});

describe('kill -9', () => {
  it('in the middle of a transaction leaves what was committed before, and frees the lock', async () => {
    const { store, path } = storeWithJobs(['a']);
    const peer = startPeer('peer.ts', ['half', path, 'a']);
    expect(await peer.line()).toBe('inside');
    await peer.kill();
    expect(expectWhole(store, 'a')).toBe(1);
    store.transaction((tables) => tables.values.set('still', 'writable'));
  });

  it('at any commit loses none that was reported', async () => {
    const { store, path } = storeWithJobs(['a']);
    store.close();
    let reported = 0;
    for (const more of [1, 7, 40]) {
      const peer = startPeer('peer.ts', ['storm', path, 'a']);
      for (let n = 0; n < more; n += 1) reported = Number(await peer.line());
      await peer.kill();
      const reopened = openStore(path);
      expect(expectWhole(reopened, 'a')).toBeGreaterThanOrEqual(reported);
      reopened.close();
    }
  });

  it('at any commit that several jobs share loses none that was reported to any of them', async () => {
    const ids = ['a', 'b', 'c'];
    const { store, path } = storeWithJobs(ids);
    store.close();
    const reported = new Map<string, number>();
    for (const more of [1, 8, 60]) {
      const peer = startPeer('peer.ts', ['together', path, ids.join()]);
      for (let n = 0; n < more; n += 1) {
        const [jobId = '', version] = (await peer.line()).split(' ');
        reported.set(jobId, Number(version));
      }
      await peer.kill();
      const reopened = openStore(path);
      const stored = ids.map((id) => expectWholeJob(reopened, id));
      stored.forEach((version, n) => expect(version).toBeGreaterThanOrEqual(reported.get(ids[n]!) ?? 0));
      expectWholeAudit(
        reopened,
        stored.reduce((sum, version) => sum + version, 0),
      );
      reopened.close();
    }
  });
});

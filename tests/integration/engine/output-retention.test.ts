import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expireOutputs, limitOutputs, outputsKeptMs } from '../../../src/main/app/output-retention.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createCommandOutputs } from '../../../src/main/infra/files/command-outputs.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { quietLog } from '../../support/engine.ts';
import { jobRecord } from '../../support/job-record.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
let store: Store;
const clock = createManualClock();
const day = 86_400_000;
beforeEach(async () => {
  folder = await makeTempFolder();
  const opened = createSqliteStore({ path: join(folder, 'jobs.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
});
afterEach(async () => {
  store.close();
  await removeTempFolder(folder);
});

describe('what commands printed', () => {
  const output = (): string => join(folder, 'output');
  const deps = () => ({ store, clock, outputs: createCommandOutputs(output(), createRedactor(), quietLog) });
  async function job(jobId: string, state: 'executing' | 'failed', quietForMs: number): Promise<void> {
    const updatedAtMs = clock.now() - quietForMs;
    store.transaction((tables) => tables.jobs.insert(jobRecord({ jobId, state, updatedAtMs })));
    await mkdir(join(output(), jobId), { recursive: true });
    await writeFile(join(output(), jobId, 'run.log'), 'printed\n');
  }

  it('is kept for thirty days after the end of its job, and while the job has none', async () => {
    expect(outputsKeptMs).toBe(30 * day);
    await job('ended-long-ago', 'failed', 31 * day);
    await job('ended-lately', 'failed', 29 * day);
    await job('waits-for-ages', 'executing', 90 * day);
    await mkdir(join(output(), 'not-ours'));
    await expireOutputs(deps());
    const kept = ['ended-lately', 'not-ours', 'waits-for-ages'];
    expect((await readdir(output())).sort()).toEqual(kept);
    await limitOutputs(deps());
    expect((await readdir(output())).sort()).toEqual(kept);
  });
});

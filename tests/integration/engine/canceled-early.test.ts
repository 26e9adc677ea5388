import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunJob } from '../../../src/main/app/crew/run-job.ts';
import type { EngineDeps } from '../../../src/main/app/crew/engine.ts';
import { createEventBus } from '../../../src/main/app/event-bus.ts';
import { createJournal } from '../../../src/main/app/journal.ts';
import type { Store } from '../../../src/main/app/ports/store.ts';
import type { Workspace } from '../../../src/main/app/ports/workspace.ts';
import { createGitWorkspace } from '../../../src/main/infra/git/git-workspace.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { quietLog } from '../../support/engine.ts';
import { jobRecord } from '../../support/job-record.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { gitTestEnv, makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
let store: Store;
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

it('a job canceled between its worktree and the commit that tells of it leaves no worktree', async () => {
  const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n' });
  const { jobId, ...fields } = jobRecord({ repo: repo.path });
  const bus = createEventBus(() => undefined);
  const clock = createManualClock();
  const redactor = createRedactor();
  const journal = createJournal({ store, bus, clock, redactor, onCommitted: () => undefined });
  const git = createGitWorkspace({ dataFolder: folder, env: gitTestEnv, log: quietLog });
  const made: string[] = [];
  const workspace: Workspace = {
    ...git,
    prepare: async (job, ...rest) => {
      const result = await git.prepare(job, ...rest);
      made.push(...(await readdir(join(folder, 'worktrees'))));
      await journal.execute(jobId, [{ type: 'cancel', reason: 'enough' }]);
      return result;
    },
  };
  // Nothing else of the engine is reached: the job ends before it plans.
  const deps = { store, journal, clock, redactor, workspace, log: quietLog } as unknown as EngineDeps;

  await journal.create({ jobId, ...fields }, null);
  store.transaction((tables) => tables.queue.claim('me', clock.now(), 60_000));
  await createRunJob(deps)(jobId, 'me', new AbortController().signal);

  expect(made).toEqual([jobId]);
  expect(store.tables.jobs.get(jobId)?.state).toBe('canceled');
  expect(await readdir(join(folder, 'worktrees'))).toEqual([]);
  expect(await repo.git('worktree', 'list', '--porcelain')).not.toContain(jobId);
  expect(store.tables.queue.countQueued(clock.now())).toBe(0);
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../../../src/main/compose.ts';
import type { AppError } from '../../../src/shared/errors.ts';
import { quietLog, startEngine, type TestEngine } from '../../support/engine.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
/** Of a scene that its test does not wait for any more. Removing its folder takes its disk away from under it. */
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(async () => {
  if (child?.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  await removeTempFolder(folder);
});

const dryRun = { DEV_CREW_CREWAI_DRY_RUN: '1' };
const dryJob = { goal: 'Do a thing', repo: 'nobody/nothing' };

async function refusedStart(dataFolder: string): Promise<AppError> {
  const composed = await compose({ env: dryRun, cwd: '/', dataFolder, version: '0', log: quietLog });
  if (composed.ok) throw new Error('it started');
  expect(composed.error.code).toBe('unavailable');
  expect(composed.error.message).not.toContain('\n');
  return composed.error;
}

describe('a data folder that cannot be used', () => {
  /** A folder with one finished job and its database, closed. */
  async function used(): Promise<string> {
    const engine = await startEngine({ dataFolder: folder, env: dryRun });
    const { job_id } = await engine.call('jobs.create', dryJob);
    await engine.ended(job_id);
    await engine.stop();
    return join(folder, 'jobs.db');
  }

  it('of a newer version is left as it is, and says which to start', async () => {
    const path = await used();
    const db = new Database(path);
    db.pragma('user_version = 9999');
    db.close();
    const before = await readFile(path);
    expect((await refusedStart(folder)).message).toMatch(/version 9999.*start the newer Dev Crew/);
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  it('with a damaged database is left as it is, and says how to go on', async () => {
    const path = await used();
    await truncate(path, 20_000);
    const before = await readFile(path);
    expect((await refusedStart(folder)).message).toMatch(/damaged.*restore a copy.*or move the file away/);
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  it('with notes in place of a database leaves the notes alone', async () => {
    await writeFile(join(folder, 'jobs.db'), 'my notes\n'.repeat(500));
    expect((await refusedStart(folder)).message).toMatch(/not a database/);
    expect(await readFile(join(folder, 'jobs.db'), 'utf8')).toMatch(/^my notes/);
  });

  it('that is a file, or below one, or has a folder for a database, says so', async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'jobs.db'));
    for (const name of ['file', 'file/below'])
      expect((await refusedStart(join(folder, name))).message).toMatch(
        /data folder cannot be used.*make it writable or set DEV_CREW_DATA_DIR/,
      );
    expect((await refusedStart(folder)).message).toMatch(/cannot be at .*choose another path/);
  });
});

const mountable = spawnSync('unshare', ['--mount', 'true']).status === 0;
const needsMount = mountable ? '' : ' [skipped: no right to mount a disk]';

/** Runs a scene of `bad-disk-engine.ts` with a disk of its own mounted at the folder. */
async function onDisk(options: string, scene: string): Promise<Record<string, unknown>> {
  const mount = `mount -t tmpfs -o ${options} tmpfs "$1" && shift && exec "$@"`;
  const script = join(import.meta.dirname, 'bad-disk-engine.ts');
  const args = ['--mount', 'sh', '-c', mount, 'sh', folder, process.execPath, script, scene, folder];
  const run = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child = run;
  const [said, errors] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')]);
  expect(errors).toBe('');
  return JSON.parse(said) as Record<string, unknown>;
}

describe.skipIf(!mountable)(`a disk${needsMount}`, () => {
  it('that is read-only ends the start with what to do, wherever the database is', async () => {
    const errors = await onDisk('ro', 'refusedStarts');
    expect(errors).toEqual([
      { code: 'unavailable', message: expect.stringMatching(/cannot be written: make .*writable/) as string },
      { code: 'unavailable', message: expect.stringMatching(/data folder cannot be used/) as string },
    ]);
  });

  it('that fills up while a job runs loses nothing: said at once, and the job goes on when there is room', async () => {
    const told = await onDisk('size=24m', 'fullDisk');
    const full = expect.stringMatching(/^The disk that holds .* is full: free some space/) as string;
    expect(told).toMatchObject({
      refused: { code: 'unavailable', message: full },
      health: { running_jobs: 1 },
      during: 'planning',
      state: 'awaiting_plan_approval',
      error: null,
      audit: true,
    });
    expect(told['logged']).toContainEqual(
      expect.stringMatching(/^a job waits for the store: The disk that holds .* is full/),
    );
    expect(String(told['logged'])).not.toContain('defect');
    const orders = told['orders'] as number[];
    expect(orders).toEqual(orders.map((_, index) => index + 1));
  });
});

describe('two engines on one data folder', () => {
  it('run each job once, and both tell of every event in the same order', async () => {
    const engines = await Promise.all([1, 2].map(() => startEngine({ dataFolder: folder, env: dryRun })));
    const [first, second] = engines as [TestEngine, TestEngine];
    const created = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? first : second).call('jobs.create', dryJob)),
    );
    const histories = await Promise.all(
      created.map(({ job_id }) => Promise.all(engines.map((engine) => engine.ended(job_id)))),
    );
    for (const [one = [], other] of histories) {
      expect(one).toEqual(other);
      expect(one.map(({ metadata }) => metadata['call_order'])).toEqual(
        Array.from({ length: 21 }, (_, index) => index + 1),
      );
      expect(one.at(-1)?.state).toBe('completed');
    }
    expect(await first.call('audit.verify', {})).toMatchObject({ ok: true });
    await Promise.all(engines.map((engine) => engine.stop()));
    const audit = (await readFile(join(folder, 'audit.log'), 'utf8')).trim().split('\n');
    expect(audit.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      audit.map((_, index) => index + 1),
    );
  });

  it('of which one decides and the other carries out', async () => {
    const idle = await startEngine({ dataFolder: folder, env: dryRun, start: false });
    const working = await startEngine({ dataFolder: folder, env: dryRun });
    const { job_id } = await idle.call('jobs.create', dryJob);
    expect((await working.ended(job_id)).at(-1)?.state).toBe('completed');
    expect((await idle.call('jobs.get', { job_id })).state).toBe('completed');
    await Promise.all([idle.stop(), working.stop()]);
  });
});

/**
 * An engine on a disk of its own, for `bad-disk.test.ts`: `node bad-disk-engine.ts SCENE FOLDER`. The scenes print one
 * JSON object each.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../../src/main/compose.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { fillDisk } from '../../support/fill-disk.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';
import { isWaiting, planning, refusal, smallFiles, smallPlan, smallScript } from './bad-support.ts';

const [scene = '', folder = ''] = process.argv.slice(2);
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);
const dryRun = { DEV_CREW_CREWAI_DRY_RUN: '1' };

/** What a start says on a folder that cannot be written, with the database there and elsewhere. */
async function refusedStarts(): Promise<void> {
  const elsewhere = await makeTempFolder();
  const starts = [{}, { DEV_CREW_DB_PATH: join(elsewhere, 'jobs.db') }].map(async (env) => {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const composed = await compose({ env, cwd: '/', dataFolder: folder, version: '0', log });
    return composed.ok ? 'it started' : composed.error;
  });
  say(await Promise.all(starts));
  await removeTempFolder(elsewhere);
}

/** The disk is full while a model answers, and has room again later. */
async function fullDisk(): Promise<void> {
  const home = await makeTempFolder();
  const repo = await makeRepo(join(home, 'repo'), smallFiles);
  const held = planning({ text: [{ gate: 'plan' }, JSON.stringify(smallPlan)] });
  const model = await startModelServer({ exchanges: [...smallScript().exchanges.slice(0, 1), held] });
  const logged: string[] = [];
  let hear: () => void = () => undefined;
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, fields: Record<string, unknown> = {}) => {
      logged.push(`${message}: ${String(fields['error'])}`);
      if (message === 'a job waits for the store') hear();
    },
  };
  const engine = await startEngine({
    dataFolder: folder,
    env: { DEV_CREW_OLLAMA_BASE_URL: model.url },
    log,
  });
  const job = { goal: 'Mend it', repo: repo.path, mode: 'plan_only', specialists: 'auto' } as const;
  const { job_id } = await engine.call('jobs.create', job);
  await model.until(({ waiting }) => waiting.includes('plan'));
  const filled = fillDisk(folder);
  const refused = await refusal(engine, 'jobs.create', job);
  const health = await engine.call('system.health', {});
  const waits = new Promise<void>((resolve) => (hear = resolve));
  model.release('plan');
  await waits;
  const during = (await engine.call('jobs.get', { job_id })).state;
  filled.makeRoom();
  await engine.until(job_id, isWaiting);
  const second = await engine.call('jobs.create', { ...job, mode: 'dry_run' });
  await engine.ended(second.job_id);
  say({ refused, health, during, logged, ...(await whole(engine, job_id)) });
  await engine.stop();
  await model.close();
  await removeTempFolder(home);
}

async function whole(engine: TestEngine, job_id: string) {
  const { events } = await engine.call('jobs.timeline', { job_id, limit: 1000 });
  const { state, error } = await engine.call('jobs.get', { job_id });
  const audit = await engine.call('audit.verify', {});
  return { state, error, orders: events.map(({ metadata }) => metadata['call_order']), audit: audit.ok };
}

/** Runs a dry job and ends; for a start that must work. */
async function dryJob(): Promise<void> {
  const engine = await startEngine({ dataFolder: folder, env: dryRun });
  const { job_id } = await engine.call('jobs.create', { goal: 'g', repo: 'r/r' });
  await engine.ended(job_id);
  say(await whole(engine, job_id));
  await engine.stop();
}

const scenes: Record<string, () => Promise<void>> = { refusedStarts, fullDisk, dryJob };
await scenes[scene]?.();

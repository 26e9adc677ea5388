/**
 * A job whose data folder lies on a small disk, for `full-disk.test.ts`: `node full-disk-job.ts SCENE DISK`, run where
 * that disk is mounted. The scenes print one JSON object each.
 */
import { statfsSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEvent } from '../../../src/shared/job.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { fillDisk } from '../../support/fill-disk.ts';
import type { ReplyInput, ScriptInput } from '../../support/model-server/script.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import { makeRepo, makeTempFolder, removeTempFolder, type TestRepo } from '../../support/repos.ts';
import { smallFiles, smallScript } from '../engine/bad-support.ts';

const [scene = '', disk = ''] = process.argv.slice(2);
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);
const mebibyte = 1024 * 1024;

const step = (number: number, reply: ReplyInput): ScriptInput['exchanges'][number] => ({
  name: `step ${number}`,
  when: { user: 'Your task (t1)', step: number },
  times: 'any',
  reply,
});
const mend = { name: 'write_file', arguments: { path: 'answer.txt', content: '42\n' } };
const finish = { name: 'finish', arguments: { summary: 'done' } };

interface Place {
  repo: TestRepo;
  model: ModelServer;
  engine: TestEngine;
  jobId: string;
  /** Resolves when the app's log says it. */
  logged(message: string): Promise<void>;
  log: readonly string[];
}

/** Runs a job that works by these answers, and tells how it ended. */
async function withJob(replies: ReplyInput[], act: (place: Place) => Promise<object>): Promise<void> {
  const home = await makeTempFolder();
  const repo = await makeRepo(join(home, 'repo'), {
    ...smallFiles,
    '.gitignore': '*.cache\n',
    'src/kept': '\n',
  });
  const model = await startModelServer(smallScript(...replies.map((reply, index) => step(index, reply))));
  const log: string[] = [];
  const waiting = new Map<string, () => void>();
  const error = (message: string, fields: Record<string, unknown> = {}): void => {
    log.push(`${message}: ${String(fields['error'])}`);
    waiting.get(message)?.();
  };
  const engine = await startEngine({
    dataFolder: join(disk, scene),
    env: { ...process.env, DEV_CREW_OLLAMA_BASE_URL: model.url },
    log: { info: () => undefined, warn: () => undefined, error },
  });
  const job = {
    goal: 'Mend it',
    repo: repo.path,
    mode: 'live',
    approval: 'auto',
    specialists: 'auto',
  } as const;
  const { job_id: jobId } = await engine.call('jobs.create', job);
  const logged = (message: string): Promise<void> => new Promise((resolve) => waiting.set(message, resolve));
  const told = await act({ repo, model, engine, jobId, logged, log });
  say({ ...told, log, ...(await outcome(engine, repo, jobId)) });
  await engine.stop();
  await model.close();
  await removeTempFolder(home);
}

async function outcome(engine: TestEngine, repo: TestRepo, jobId: string): Promise<object> {
  const events = await engine.ended(jobId);
  const { failures } = await engine.call('jobs.report', { job_id: jobId });
  return {
    state: events.at(-1)?.state,
    failures,
    orders: events.map(({ metadata }) => metadata['call_order']),
    results: events.flatMap(({ metadata }) =>
      metadata['event_type'] === 'tool_result'
        ? [{ name: metadata['name'], output: metadata['output'] }]
        : [],
    ),
    audit: (await engine.call('audit.verify', {})).ok,
    answer: await repo.git('show', `crew/${jobId.slice(0, 8)}:answer.txt`),
    changed: await repo.git('diff', '--name-only', 'main', `crew/${jobId.slice(0, 8)}`),
    open: (await engine.call('escalations.list', { open: true })).escalations.map(({ reason }) => reason),
    told: (await engine.call('jobs.escalations', { job_id: jobId })).map(({ reason }) => reason),
  };
}

const isFullDisk = ({ message }: JobEvent): boolean => message.startsWith('The disk that holds');

/** The disk fills up while the agent is about to write a file; room comes back in two steps. */
const waits = (): Promise<void> =>
  withJob(
    [{ text: [{ gate: 'write' }, 'I write.'], toolCalls: [mend] }, { toolCalls: [finish] }],
    async ({ model, engine, jobId, logged }) => {
      await model.until(({ waiting }) => waiting.includes('write'));
      const notified: string[] = [];
      engine.app.onAttention(({ kind, reason }) => notified.push(`${kind}: ${reason}`));
      const filled = fillDisk(disk);
      const waiting = logged('a job waits for the store');
      model.release('write');
      await waiting;
      // Enough for the database, not for work.
      filled.makeRoom(6 * mebibyte);
      const { message } = await engine.until(jobId, isFullDisk);
      const during = {
        reason: message,
        state: (await engine.call('jobs.get', { job_id: jobId })).state,
        inbox: (await engine.call('escalations.list', { open: true })).escalations.map(
          ({ reason }) => reason,
        ),
        file: await readFile(join(disk, scene, 'worktrees', jobId, 'answer.txt'), 'utf8'),
      };
      filled.makeRoom();
      await engine.ended(jobId);
      return { during, notified };
    },
  );

/** A command of the agent fills the disk, in files that git records and in files that it ignores. */
const fills = (): Promise<void> =>
  withJob(
    [
      {
        toolCalls: [
          {
            name: 'run_command',
            arguments: {
              command:
                'echo spoiled > answer.txt; dd if=/dev/zero of=src/big bs=1M count=4; dd if=/dev/zero of=src/big.cache bs=1M',
            },
          },
        ],
      },
      { toolCalls: [mend, finish] },
    ],
    async ({ engine, jobId }) => {
      await engine.ended(jobId);
      const { bavail, bsize } = statfsSync(disk);
      return { roomMiB: Math.floor((bavail * bsize) / mebibyte) };
    },
  );

const scenes: Record<string, () => Promise<void>> = { waits, fills };
await scenes[scene]?.();

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { missingReason } from '../support/parts.ts';
import { followEvents } from './lib/events.ts';
import { makeBenchFolder } from './lib/folder.ts';
import { startCommitProbe } from './lib/commit-probe.ts';
import { ageOf, latencyRow } from './lib/latency.ts';
import { setLiveStage } from './lib/live-stage.ts';
import type { LoopDelay } from './lib/loop-delay.ts';
import { below, ms, notMeasured, type Benchmark, type Row } from './lib/report.ts';
import { startServer, type BenchServer } from './lib/server.ts';

const monitor = fileURLToPath(new URL('./lib/loop-delay.ts', import.meta.url));
const dryRunMs = 10_000;
const idleMs = 3_000;
const liveJobs = 4;
const loopLimitMs = 20;

/** While two jobs run: how soon an event is with an SSE client, and how late the engine's event loop is. */
export const twoJobs: Benchmark = { name: 'two-jobs', run };

async function run(): Promise<Row[]> {
  const folder = makeBenchFolder();
  try {
    return [...(await whileDryRun(folder.path)), ...(await whileLive(folder.path))];
  } finally {
    folder.remove();
  }
}

async function whileDryRun(folder: string): Promise<Row[]> {
  const server = await startMonitored(join(folder, 'dry'));
  try {
    const until = performance.now() + dryRunMs;
    const another = (): Promise<unknown> =>
      server.call('POST', '/jobs', { goal: 'Bench', repo: 'owner/name', mode: 'dry_run' });
    // The first jobs compile the code; a server runs for days.
    await runAndMeasure(server, 40, another, () => false);
    await loopDelay(server.process);
    const probe = startCommitProbe(folder);
    const delays = await runAndMeasure(server, 2, another, () => performance.now() < until);
    return [
      latencyRow('event to SSE client, 2 dry runs always running', delays, await probe.stop()),
      loopRow('event loop delay, 2 dry runs always running', await loopDelay(server.process), null),
    ];
  } finally {
    await server.stop();
  }
}

async function whileLive(folder: string): Promise<Row[]> {
  const missing = missingReason('docker');
  if (missing !== null) return [notMeasured('two live jobs', missing)];
  const stage = await setLiveStage(folder);
  const server = await startMonitored(join(folder, 'live'), stage.env);
  try {
    let number = 0;
    const another = async (): Promise<unknown> =>
      server.call('POST', '/jobs', await stage.job((number += 1)));
    // The first jobs load the model's and the container's libraries.
    await runAndMeasure(server, 2, another, () => false);
    await loopDelay(server.process);
    await delay(idleMs);
    const idle = await loopDelay(server.process);
    const probe = startCommitProbe(folder);
    const delays = await runAndMeasure(server, 2, another, () => number < liveJobs + 2);
    return [
      latencyRow('event to SSE client, 2 live jobs running', delays, await probe.stop()),
      loopRow(
        'event loop delay, 2 live jobs running (baseline: idle)',
        await loopDelay(server.process),
        idle,
      ),
    ];
  } finally {
    await server.stop();
    await stage.close();
  }
}

/** Keeps that many jobs going for as long as `more` says, to the end of the last. How late each event came, in ms. */
async function runAndMeasure(
  server: BenchServer,
  atOnce: number,
  another: () => Promise<unknown>,
  more: () => boolean,
): Promise<number[]> {
  const delays: number[] = [];
  const over = Promise.withResolvers<null>();
  let running = atOnce;
  const next = (state: string): void => {
    if (state === 'failed') return over.reject(new Error('a job of the benchmark failed'));
    if (more()) another().catch(over.reject);
    else if ((running -= 1) === 0) over.resolve(null);
  };
  const stop = await followEvents(server, '/events', (event) => {
    delays.push(ageOf(event));
    if (event.state === 'completed' && event.metadata['to_state'] === 'completed') next('completed');
    if (event.state === 'failed' && event.metadata['to_state'] === 'failed') next('failed');
  });
  await Promise.all(Array.from({ length: atOnce }, another));
  await over.promise;
  stop();
  return delays;
}

const startMonitored = (dataFolder: string, env: Record<string, string> = {}): Promise<BenchServer> =>
  startServer({ dataFolder, clients: 2, env, nodeArgs: ['--import', monitor], ipc: true });

async function loopDelay(process: ChildProcess): Promise<LoopDelay> {
  const answer = once(process, 'message');
  process.send('report');
  const [seen] = (await answer) as [LoopDelay];
  return seen;
}

function loopRow(name: string, seen: LoopDelay, idle: LoopDelay | null): Row {
  const text = ({ p50, p99, max }: LoopDelay): string => `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}`;
  return { ...below(name, seen.p99, text(seen), loopLimitMs), baseline: idle && text(idle) };
}

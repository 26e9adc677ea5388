import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrewBridge } from '../../src/shared/client.ts';
import { missingReason } from '../support/parts.ts';
import { bigDatabase, longJobId } from './lib/big-database.ts';
import { startCommitProbe } from './lib/commit-probe.ts';
import { launchBenchDesktop, memoryOf, type BenchDesktop, type Memory } from './lib/desktop.ts';
import { setLiveStage } from './lib/live-stage.ts';
import { makeBenchFolder } from './lib/folder.ts';
import { latencyRow } from './lib/latency.ts';
import { mib, ms, notMeasured, type Benchmark, type Row } from './lib/report.ts';
import { median, quantile } from './lib/stats.ts';

const launches = 9;
/** After which nothing is loaded or painted any more. */
const settleMs = 3_000;

/** The window: how soon it is usable, what it takes of memory, how soon it hears of an event. */
export const desktop: Benchmark = { name: 'desktop', run };

async function run(): Promise<Row[]> {
  const missing = missingReason('build', 'electron', 'display');
  if (missing !== null) return [notMeasured('the window', missing)];
  const folder = makeBenchFolder();
  try {
    const data = join(folder.path, 'desktop');
    const launched = await launchTimes(data);
    const memory = await memoryRows(data);
    return [launched, ...memory, ...(await eventsToWindow(data, folder.path))];
  } finally {
    folder.remove();
  }
}

/** Usable is when the job list's last part is painted: the page then answers, and has what it asked the engine for. */
async function launchTimes(data: string): Promise<Row> {
  const usable: number[] = [];
  for (let n = 0; n <= launches; n += 1) {
    const app = await launchBenchDesktop(data);
    const painted = await app.page.run(lastPaint, null);
    // The first launch makes the data folder and fills the disk's cache.
    if (n > 0) usable.push(painted - app.launchedAt);
    await app.stop();
  }
  return {
    name: `window usable after launch, median of ${launches}`,
    ours: `${ms(median(usable))} (best ${ms(quantile(usable, 0))})`,
    baseline: null,
    ratio: null,
    target: null,
    met: null,
  };
}

/** Wall clock of the newest paint of something larger than before, as Chromium itself has noted it. Runs in the page. */
async function lastPaint(): Promise<number> {
  while (!document.body.textContent.includes('Give the crew its first job'))
    await new Promise((resolve) => requestAnimationFrame(resolve));
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const newest = Math.max(...list.getEntries().map(({ startTime }) => startTime));
      resolve(performance.timeOrigin + newest);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
}

/** In the page's own script, while the page shows the list in which the jobs move. */
async function eventsToWindow(data: string, folder: string): Promise<Row[]> {
  const live = missingReason('docker') === null ? await setLiveStage(folder) : null;
  const app = await launchBenchDesktop(data, live?.env);
  try {
    // Where no service takes notifications, each one holds up the main process until D-Bus has given up.
    await app.page.run(withoutNotifications, null);
    const dryRuns = Array.from({ length: 100 }, () => dryRun);
    const rows = [await eventRow(app, folder, 'dry runs, one after another', dryRuns)];
    if (live === null) return rows;
    const jobs = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => live.job(number)));
    // The first jobs load the model's and the container's libraries.
    await app.page.run(jobsInPage, jobs.slice(0, 2));
    return [...rows, await eventRow(app, folder, 'live jobs', jobs.slice(2))];
  } finally {
    await app.stop();
    await live?.close();
  }
}

/** Runs in the page. */
async function withoutNotifications(): Promise<void> {
  const { crew } = globalThis as unknown as { crew: CrewBridge };
  await crew.call('settings.update', { values: { notifications: false } });
}

const dryRun = { goal: 'Bench', repo: 'owner/name', mode: 'dry_run' };

async function eventRow(app: BenchDesktop, folder: string, what: string, jobs: object[]): Promise<Row> {
  const probe = startCommitProbe(folder);
  const delays = await app.page.run(jobsInPage, jobs);
  return latencyRow(`event to the window, 2 ${what}`, delays, await probe.stop());
}

/** Runs the jobs, two at a time. How late each event came, in milliseconds (see `ageOf`). Runs in the page. */
async function jobsInPage(jobs: object[]): Promise<number[]> {
  const { crew } = globalThis as unknown as { crew: CrewBridge };
  const delays: number[] = [];
  const left = [...jobs];
  const next = (): void => void crew.call('jobs.create', left.pop());
  let running = jobs.length;
  await new Promise<void>((resolve, reject) => {
    const stop = crew.subscribe({}, (frame) => {
      const { event } = frame as { event?: { at: string; state: string } };
      if (event === undefined) return;
      delays.push(performance.timeOrigin + performance.now() - Date.parse(event.at));
      if (event.state === 'failed') reject(new Error('a job of the benchmark failed'));
      if (event.state !== 'completed') return;
      running -= 1;
      if (left.length > 0) next();
      if (running > 0) return;
      stop();
      resolve();
    });
    next();
    next();
  });
  return delays;
}

async function memoryRows(data: string): Promise<Row[]> {
  const idle = await memoryAt(data, '/');
  const open = await memoryAt(bigDatabase('page'), `/jobs/${longJobId}/timeline`);
  const row = (name: string, of: 'main' | 'renderer'): Row => ({
    name: `memory of ${name}, a job of 10,000 events open and scrolled (baseline: idle)`,
    ours: text(open[of]),
    baseline: text(idle[of]),
    ratio: open[of].private / idle[of].private,
    target: null,
    met: null,
  });
  return [row('main', 'main'), row('the renderer', 'renderer')];
}

const text = (memory: Memory): string => `${mib(memory.private)} private, ${mib(memory.rss)} RSS`;

async function memoryAt(data: string, path: string): Promise<ReturnType<typeof memoryOf>> {
  const app = await launchBenchDesktop(data);
  try {
    await app.page.run((to: string) => (location.hash = to), path);
    await delay(settleMs);
    await app.page.run(scrollToStart, null);
    await delay(settleMs);
    return memoryOf(app.pid);
  } finally {
    await app.stop();
  }
}

/** All of the timeline, page by page, where there is one. Runs in the page. */
async function scrollToStart(): Promise<void> {
  const list = document.querySelector('[role=region][aria-label=Steps]');
  for (let n = 0; list !== null && n < 40; n += 1) {
    list.scrollTop = 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

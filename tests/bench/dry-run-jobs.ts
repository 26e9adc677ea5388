import { join } from 'node:path';
import type { OutputOf } from '../../src/shared/operations.ts';
import { commitsIn, openBareCommits } from './lib/bare-commits.ts';
import { followEvents } from './lib/events.ts';
import { makeBenchFolder } from './lib/folder.ts';
import type { Benchmark, Row } from './lib/report.ts';
import { startServer, type BenchServer } from './lib/server.ts';
import { median, timed } from './lib/stats.ts';

const clients = 4;
const jobsPerRound = 120;
const rounds = 7;
/** Few enough that the WAL is not yet moved into the database, which would take the commits out of it. */
const countedJobs = 10;

/** Dry-run jobs from POST to `completed`, against what the disk would allow if a job were nothing but its commits. */
export const dryRunJobs: Benchmark = { name: 'dry-run-jobs', run };

async function run(): Promise<Row[]> {
  const folder = makeBenchFolder();
  const bare = openBareCommits(folder.path);
  const dataFolder = join(folder.path, 'data');
  const server = await startServer({ dataFolder, clients });
  try {
    const walPath = join(dataFolder, 'jobs.db-wal');
    const before = commitsIn(walPath);
    await runJobs(server, countedJobs, follow);
    const commitsPerJob = (commitsIn(walPath) - before) / countedJobs;
    // Warm caches and compiled code: a server runs for days.
    for (let round = 0; round < 4; round += 1) await runJobs(server, jobsPerRound, follow);
    bare.rate(1000);
    const followed: Round[] = [];
    const posted: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      followed.push(await measure(server, bare.rate, commitsPerJob, follow));
      posted.push(await measure(server, bare.rate, commitsPerJob, postOnly));
    }
    const perJob = `${commitsPerJob.toFixed(1)} commits each`;
    return [
      row(`dry-run jobs, ${clients} clients, each follows its job (${perJob})`, followed),
      row(`dry-run jobs, ${clients} clients post, one stream watches`, posted),
    ];
  } finally {
    await server.stop();
    bare.close();
    folder.remove();
  }
}

interface Round {
  jobsPerSecond: number;
  allowed: number;
}

/** The bare commits before and after, so that what else the machine does falls on both. */
async function measure(
  server: BenchServer,
  bareRate: (count: number) => number,
  commitsPerJob: number,
  how: typeof follow,
): Promise<Round> {
  const count = Math.round((jobsPerRound * commitsPerJob) / 2);
  const before = bareRate(count);
  const elapsedMs = await timed(() => runJobs(server, jobsPerRound, how));
  const after = bareRate(count);
  const bare = 2 / (1 / before + 1 / after);
  return { jobsPerSecond: jobsPerRound / (elapsedMs / 1000), allowed: bare / commitsPerJob };
}

function row(name: string, results: readonly Round[]): Row {
  const ratio = median(results.map(({ jobsPerSecond, allowed }) => jobsPerSecond / allowed));
  return {
    name,
    ours: `${median(results.map(({ jobsPerSecond }) => jobsPerSecond)).toFixed(0)} jobs/s`,
    baseline: `${median(results.map(({ allowed }) => allowed)).toFixed(0)} jobs/s`,
    ratio,
    target: '≥ 0.5',
    met: ratio >= 0.5,
  };
}

type Completion = { opened: Promise<unknown>; done: (jobId: string) => Promise<unknown>; close: () => void };

async function runJobs(
  server: BenchServer,
  count: number,
  how: (server: BenchServer) => Completion,
): Promise<void> {
  const completion = how(server);
  await completion.opened;
  let left = count;
  const pending: Promise<unknown>[] = [];
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const job = { goal: `Bench job ${left}`, repo: 'owner/name', mode: 'dry_run' };
      const { job_id: jobId } = await server.call<OutputOf<'jobs.create'>>('POST', '/jobs', job);
      const done = completion.done(jobId);
      if (how === follow) await done;
      else pending.push(done);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await Promise.all(pending);
  completion.close();
}

/** Each client follows its own job to the end before it posts the next. */
function follow(server: BenchServer): Completion {
  return {
    opened: Promise.resolve(),
    done: (jobId) =>
      new Promise((resolve, reject) => {
        let state = '';
        followEvents(
          server,
          `/jobs/${jobId}/events`,
          (event) => (state = event.state),
          () => (state === 'completed' ? resolve(null) : reject(new Error(`job ${jobId} is ${state}`))),
        ).catch(reject);
      }),
    close: () => {},
  };
}

/** The clients post as fast as they are answered; one stream tells when each job has ended. */
function postOnly(server: BenchServer): Completion {
  const ended = new Map<string, PromiseWithResolvers<null>>();
  const of = (jobId: string): PromiseWithResolvers<null> => {
    const known = ended.get(jobId) ?? Promise.withResolvers<null>();
    ended.set(jobId, known);
    return known;
  };
  let stop = (): void => {};
  const opened = followEvents(server, '/events', ({ job_id: jobId, state }) => {
    if (state === 'completed') of(jobId).resolve(null);
    if (state === 'failed') of(jobId).reject(new Error(`job ${jobId} failed`));
  }).then((close) => (stop = close));
  return { opened, done: (jobId) => of(jobId).promise, close: () => stop() };
}

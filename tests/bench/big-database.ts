import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bigDatabase, longJobId } from './lib/big-database.ts';
import { makeBenchFolder } from './lib/folder.ts';
import { atMost, type Benchmark, type Row } from './lib/report.ts';
import { median } from './lib/stats.ts';

const program = fileURLToPath(new URL('./start-process.ts', import.meta.url));
const starts = 9;

type Times = Record<'started' | `${'list' | 'open' | 'older'}${'First' | 'Again'}`, number>;

/** 10,000 jobs and 1,000,000 events: starting, listing and opening a job, against a database that is (nearly) empty. */
export const bigDatabaseTimes: Benchmark = { name: 'big-database', run };

async function run(): Promise<Row[]> {
  const folder = makeBenchFolder();
  try {
    const empty = join(folder.path, 'empty');
    mkdirSync(empty);
    const cases = {
      big: { path: bigDatabase('big'), jobId: longJobId },
      page: { path: bigDatabase('page'), jobId: longJobId },
      empty: { path: empty, jobId: '' },
    };
    // The first start of each makes what a data folder has (token, audit log), and warms the disk's cache.
    for (const { path, jobId } of Object.values(cases)) await startOnce(path, jobId);
    const times: Record<keyof typeof cases, Times[]> = { big: [], page: [], empty: [] };
    for (let n = 0; n < starts; n += 1)
      for (const name of ['big', 'page', 'empty'] as const)
        times[name].push(await startOnce(cases[name].path, cases[name].jobId));
    const of = (name: keyof typeof cases, what: keyof Times): number =>
      median(times[name].map((one) => one[what]));
    const against = (name: string, what: keyof Times, other: 'page' | 'empty', limit: number | null): Row =>
      atMost(`1M events: ${name}`, of('big', what), of(other, what), limit);
    return [
      against('start, against an empty database', 'started', 'empty', 1.3),
      against('first page of 100 jobs, against only these, once', 'listFirst', 'page', 1.3),
      against('… again', 'listAgain', 'page', 1.3),
      against('… again, against an empty list', 'listAgain', 'empty', null),
      against('open a job of 10,000, against only that job, once', 'openFirst', 'page', 1.3),
      against('… again', 'openAgain', 'page', 1.3),
      against('scroll up 10 pages of it, again', 'olderAgain', 'page', 1.3),
    ];
  } finally {
    folder.remove();
  }
}

async function startOnce(dataFolder: string, jobId: string): Promise<Times> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, dataFolder, jobId]);
  return JSON.parse(stdout) as Times;
}

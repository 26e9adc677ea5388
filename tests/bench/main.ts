/**
 * `npm run bench [-- filter…]`: what issue 2 asks for under "Speed and memory", each against something measured in the
 * same run, since the numbers of one machine say nothing about another. Asserts nothing about time: it fails only when
 * something breaks.
 */
import { bigDatabaseTimes } from './big-database.ts';
import { desktop } from './desktop.ts';
import { dryRunJobs } from './dry-run-jobs.ts';
import { modelStream } from './model-stream.ts';
import { sandboxCommand } from './sandbox-command.ts';
import { twoJobs } from './two-jobs.ts';
import { table, type Benchmark, type Row } from './lib/report.ts';

const benchmarks: readonly Benchmark[] = [
  dryRunJobs,
  twoJobs,
  desktop,
  bigDatabaseTimes,
  sandboxCommand,
  modelStream,
];

const filters = process.argv.slice(2);
const chosen = benchmarks.filter(
  ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)),
);
if (chosen.length === 0) {
  console.error(`no benchmark is called that; there are: ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const { name, run } of chosen) {
  const startedAt = performance.now();
  rows.push(...(await run()));
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
console.log(table(rows));

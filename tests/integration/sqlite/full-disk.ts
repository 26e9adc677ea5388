/**
 * On a small disk of its own (`node full-disk.ts <folder> <jobs>`): jobs (`a,b,c`) write, in commits that they share,
 * until the disk is full; then there is room, and they write again. Says the refusals, the versions that are stored, and
 * those stored after there was room, each on one line.
 */
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { jobRecord, write } from './step.ts';

const say = (line: readonly unknown[]): void => void writeSync(1, `${line.join(' | ')}\n`);
const [folder = '', jobs = ''] = process.argv.slice(2);
const jobIds = jobs.split(',');
const filler = join(folder, 'filler');
writeFileSync(filler, Buffer.alloc(1_000_000));

const opened = createSqliteStore({ path: join(folder, 'jobs.db') });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const stepTogether = () =>
  Promise.allSettled(jobIds.map((id) => store.commit((tables) => write(tables, id))));

store.transaction((tables) => jobIds.forEach((id) => tables.jobs.insert(jobRecord(id))));
let refused: readonly unknown[] = [];
while (refused.length === 0) {
  refused = (await stepTogether()).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
}
say(refused.map((error) => (error instanceof Error ? `${error.name}: ${error.message}` : 'not an error')));
say(jobIds.map((id) => store.tables.events.last(id)?.metadata['call_order']));
rmSync(filler);
say((await stepTogether()).map((one) => (one.status === 'fulfilled' ? one.value : 'refused')));
store.close();

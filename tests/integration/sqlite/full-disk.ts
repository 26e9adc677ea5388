/**
 * On a small disk of its own (`node full-disk.ts <folder>`): writes until the disk is full, makes room, writes again.
 * Says the refusal, the last version that is stored, and the version that was stored after there was room.
 */
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createSqliteStore } from '../../../src/main/infra/sqlite/create-sqlite-store.ts';
import { jobRecord, step } from './step.ts';

const say = (line: unknown): void => void writeSync(1, `${String(line)}\n`);
const [folder = ''] = process.argv.slice(2);
const filler = join(folder, 'filler');
writeFileSync(filler, Buffer.alloc(1_000_000));

const opened = createSqliteStore({ path: join(folder, 'jobs.db') });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
store.transaction(({ jobs }) => jobs.insert(jobRecord('a')));
try {
  for (;;) step(store, 'a');
} catch (error) {
  say(error instanceof Error ? `${error.name}: ${error.message}` : 'not an error');
}
say(store.tables.events.last('a')?.metadata['call_order']);
rmSync(filler);
say(step(store, 'a'));
store.close();

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandOutputs } from '../../../src/main/infra/files/command-outputs.ts';
import { createRedactor } from '../../../src/main/infra/redaction/redactor.ts';
import { quietLog } from '../../support/engine.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeTempFolder();
  await mkdir(join(folder, 'job'));
});
afterEach(() => removeTempFolder(folder));

const outputs = () => createCommandOutputs(folder, createRedactor(), quietLog);
const secret = `ghp_${'a1B2'.repeat(9)}`;

describe('outputs of commands on disk', () => {
  it('are kept redacted, for their owner alone, and whole', async () => {
    const output = outputs().begin('job', 'run');
    const lines = Array.from(
      { length: 40_000 },
      (_, line) => `line ${line} 가나다 ${line % 1000 === 0 ? secret : ''}\n`,
    );
    await writeFile(output.path, lines.join(''));
    await output.keep();
    expect(await readdir(join(folder, 'job'))).toEqual(['run.log']);
    const kept = await readFile(join(folder, 'job/run.log'), 'utf8');
    expect(kept).not.toContain(secret);
    expect(kept.split('\n').length).toBe(40_001);
    expect(kept).toContain('line 39999 가나다');
    expect((await stat(join(folder, 'job/run.log'))).mode & 0o777).toBe(0o600);
  });

  it('of a command that never ran, and raw ones of dead runs, leave nothing', async () => {
    await outputs().begin('job', 'none').keep();
    await mkdir(join(folder, 'held'));
    await writeFile(join(folder, 'job/dead.raw'), secret);
    await writeFile(join(folder, 'held/running.raw'), secret);
    await outputs().sweep(new Set(['held']));
    expect(await readdir(join(folder, 'job'))).toEqual([]);
    expect(await readdir(join(folder, 'held'))).toEqual(['running.raw']);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'on a full disk are lost as a whole, and nobody waits for them',
    async () => {
      const output = outputs().begin('job', 'run');
      await writeFile(output.path, 'line\n'.repeat(200_000));
      await symlink('/dev/full', join(folder, 'job/run.log'));
      await output.keep();
      expect(await readdir(join(folder, 'job'))).toEqual([]);
    },
  );

  /** Writes an output of so many bytes that was last written so many days ago. */
  async function keepOutput(jobId: string, bytes: number, daysAgo: number): Promise<void> {
    await mkdir(join(folder, jobId), { recursive: true });
    const path = join(folder, jobId, 'run.log');
    await writeFile(path, 'x'.repeat(bytes));
    const at = new Date(Date.now() - daysAgo * 86_400_000);
    await utimes(path, at, at);
  }

  it('go with their job when it has expired', async () => {
    await keepOutput('old', 10, 40);
    await keepOutput('new', 10, 1);
    await outputs().expire((jobId) => jobId === 'old');
    expect((await readdir(folder)).sort()).toEqual(['job', 'new']);
  });

  it('go oldest first beyond the size that all may take, but never those of a job that runs', async () => {
    await keepOutput('oldest-but-running', 300, 9);
    await keepOutput('second', 300, 8);
    await keepOutput('third', 300, 7);
    await keepOutput('newest', 300, 1);
    await outputs().trim(900, (jobId) => jobId === 'oldest-but-running');
    expect((await readdir(folder)).sort()).toEqual(['job', 'newest', 'oldest-but-running', 'third']);
    await outputs().trim(0, () => false);
    expect(await readdir(folder)).toEqual(['job']);
  });

  it('that cannot be found are nothing to trim or expire', async () => {
    const none = createCommandOutputs(join(folder, 'none'), createRedactor(), quietLog);
    await none.expire(() => true);
    await none.trim(0, () => false);
  });
});

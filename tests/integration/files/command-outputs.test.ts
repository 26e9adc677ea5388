import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
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
});

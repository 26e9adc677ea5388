import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRecords } from '../../../src/main/api/repository-records.ts';
import { makeRepo, makeTempFolder, removeTempFolder } from '../../support/repos.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(() => removeTempFolder(folder));

describe('records of the command line', () => {
  it('lie in .dev_crew of the repository, and nowhere of their own outside of one', async () => {
    const { path } = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    expect(repositoryRecords({}, path)).toEqual({
      ok: true,
      value: { recordsFolder: join(path, '.dev_crew') },
    });
    expect(repositoryRecords({ DEV_CREW_WORKSPACE_ROOT: path }, folder)).toMatchObject({
      value: { recordsFolder: join(path, '.dev_crew') },
    });
    expect(repositoryRecords({}, folder)).toEqual({ ok: true, value: {} });
    expect(repositoryRecords({ DEV_CREW_DATA_DIR: '/data' }, path)).toEqual({ ok: true, value: {} });
  });

  it('are taken from an earlier run, but never from the repository itself', async () => {
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a' });
    await mkdir(join(repo.path, '.dev_crew'));
    await writeFile(join(repo.path, '.dev_crew/jobs.db'), '');
    expect(repositoryRecords({}, repo.path).ok).toBe(true);
    await repo.commit('plant', { '.dev_crew/audit.log': '{}' });
    expect(repositoryRecords({}, repo.path)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

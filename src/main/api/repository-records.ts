import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.ts';

const folderName = '.dev_crew';

/**
 * Where the command line keeps database, audit and escalations by default: `.dev_crew` of the repository it is called in
 * (compatibility.md §4); nothing of its own outside of one, or where the environment names a folder. A `.dev_crew` that
 * the repository itself brings along is refused: whoever wrote it would queue jobs on this machine.
 */
export function repositoryRecords(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Result<{ recordsFolder?: string }> {
  if (env['DEV_CREW_DATA_DIR']) return ok({});
  const root = resolve(cwd, env['DEV_CREW_WORKSPACE_ROOT'] || '.');
  if (!existsSync(join(root, '.git'))) return ok({});
  const recordsFolder = join(root, folderName);
  if (existsSync(recordsFolder) && isTracked(root)) {
    return fail(
      'forbidden',
      `${recordsFolder} is part of the repository, so it is not trusted: remove it from git, or set DEV_CREW_DATA_DIR`,
    );
  }
  return ok({ recordsFolder });
}

function isTracked(root: string): boolean {
  const listed = spawnSync('git', ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '--', folderName], {
    cwd: root,
    encoding: 'utf8',
    timeout: 10_000,
  });
  return listed.status !== 0 || listed.stdout !== '';
}

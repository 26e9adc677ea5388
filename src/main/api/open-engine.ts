import { join } from 'node:path';
import type { Result } from '../../shared/errors.ts';
import type { App, Compose, CreateLog, Log } from './app.ts';
import { defaultDataFolder } from './data-folder.ts';
import { repositoryRecords } from './repository-records.ts';

export interface OpenEngineOptions {
  compose: Compose;
  createLog: CreateLog;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
}

/** The engine as the command line opens it: its records in the repository it is called in (compatibility.md §4). */
export async function openEngine(options: OpenEngineOptions): Promise<Result<{ app: App; log: Log }>> {
  const { compose, createLog, env, cwd, version } = options;
  const records = repositoryRecords(env, cwd);
  if (!records.ok) return records;
  const dataFolder = defaultDataFolder(env, cwd);
  const log = createLog(join(dataFolder, 'dev-crew.log'));
  const composed = await compose({ env, cwd, dataFolder, version, log, ...records.value });
  return composed.ok ? { ok: true, value: { app: composed.value, log } } : composed;
}

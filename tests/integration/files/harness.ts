import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WorktreeFiles } from '../../../src/main/app/ports/workspace.ts';
import type { Result } from '../../../src/shared/errors.ts';
import { openWorktreeFiles } from '../../../src/main/infra/files/open-worktree-files.ts';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

/** A worktree with an empty folder `outside` next to it. */
export async function setUpFiles(): Promise<{
  folder: string;
  worktree: string;
  outside: string;
  files: WorktreeFiles;
}> {
  const folder = await makeTempFolder();
  onTestFinished(() => removeTempFolder(folder));
  const worktree = join(folder, 'worktree');
  const outside = join(folder, 'outside');
  await mkdir(worktree);
  await mkdir(outside);
  return { folder, worktree, outside, files: openWorktreeFiles(worktree) };
}

export async function valueOf<T>(result: Promise<Result<T, { message: string }>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(settled.error.message);
  return settled.value;
}

export async function messageOf(result: Promise<Result<unknown, { message: string }>>): Promise<string> {
  const settled = await result;
  if (settled.ok) throw new Error(`taken: ${JSON.stringify(settled.value)}`);
  return settled.error.message;
}

import type { Git } from './git.ts';

/**
 * Settings that switch off every content filter of the user's configuration (`filter.<name>.clean|smudge|process`).
 *
 * Why all of them: a file's attributes choose the filter, and attributes are files in the worktree, which agents
 * write. A filter is a command that runs on the host, outside of the sandbox, often with the worktree as its current
 * folder (`python -m nbstripout` would import an `nbstripout.py` of the agent), and git-crypt would put plain text
 * where a model reads it. So files are stored and checked out as they are: Git LFS files stay pointers.
 */
export async function filtersOff(git: Git, gitDir: string): Promise<(readonly [string, string])[]> {
  const outcome = await git.run({
    args: ['config', '-z', '--name-only', '--get-regexp', '^filter\\.'],
    cwd: gitDir,
    gitDir,
  });
  const keys = outcome.stdout.toString('utf8').split('\0');
  const drivers = new Set<string>();
  for (const key of keys) {
    const name = /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1];
    if (name !== undefined) drivers.add(name);
  }
  return [...drivers].flatMap((name) => [
    [`filter.${name}.clean`, ''] as const,
    [`filter.${name}.smudge`, ''] as const,
    [`filter.${name}.process`, ''] as const,
    [`filter.${name}.required`, 'false'] as const,
  ]);
}

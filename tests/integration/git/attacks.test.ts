import { chmod, mkdir, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Workspace, WorkspaceHandle } from '../../../src/main/app/ports/workspace.ts';
import { gitIn, gitTestEnv, makeRepo } from '../../support/repos.ts';
import { jobOf, pathsOf, prepared, setUp, setUpJob } from './harness.ts';

/** Everything the host does with a worktree that an agent has had its hands on. */
async function useEverything(workspace: Workspace, handle: WorkspaceHandle): Promise<string> {
  const tree = await workspace.tree(handle);
  const { commit } = await workspace.snapshot(handle, 1, 'one');
  await workspace.diff(handle, null, 100_000);
  await workspace.removeExport(await workspace.exportCommit(handle, commit, 'check'));
  await workspace.restore(handle, tree);
  const result = await workspace.commit(handle, tree, 'Work');
  if (!result.ok) throw new Error(result.error.message);
  return tree;
}

/** A script that leaves a trace when it is run. */
async function makeTrap(folder: string): Promise<{ script: string; sprung: () => Promise<boolean> }> {
  const script = join(folder, 'trap.sh');
  await writeFile(script, `#!/bin/sh\ntouch '${folder}/sprung'\ncat\n`);
  await chmod(script, 0o755);
  return {
    script,
    sprung: () =>
      stat(join(folder, 'sprung')).then(
        () => true,
        () => false,
      ),
  };
}

async function poison(gitDir: string, script: string): Promise<void> {
  const settings = {
    'core.fsmonitor': script,
    'core.sshCommand': script,
    'core.editor': script,
    'core.pager': script,
    'diff.external': script,
    'filter.evil.clean': script,
    'filter.evil.smudge': script,
    'filter.evil.process': script,
    'core.hooksPath': join(gitDir, 'hooks'),
  };
  for (const [key, value] of Object.entries(settings)) {
    await gitIn('/', 'config', '--file', join(gitDir, 'config'), key, value);
  }
  await mkdir(join(gitDir, 'hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'fsmonitor-watchman']) {
    await writeFile(join(gitDir, 'hooks', hook), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}

describe('what an agent plants in the worktree', () => {
  it('never runs: a nested repository with a monitor, hooks and filters', async () => {
    const { folder, workspace, repo, handle } = await setUpJob();
    const trap = await makeTrap(folder);
    const nested = await makeRepo(join(handle.worktree, 'nested'), { x: 'x' });
    await poison(join(nested.path, '.git'), trap.script);
    await writeFile(join(handle.worktree, '.gitattributes'), '* filter=evil diff=evil\n');
    await writeFile(join(handle.worktree, 'kept.txt'), 'kept');
    const tree = await useEverything(workspace, handle);
    expect(await pathsOf(repo, tree)).toEqual(['.gitattributes', 'a.txt', 'kept.txt', 'src/b.txt']);
    expect(await trap.sprung()).toBe(false);
  });

  it('is not believed: a .git file that points to a repository of its own', async () => {
    const { folder, workspace, repo, handle } = await setUpJob();
    const trap = await makeTrap(folder);
    const other = await makeRepo(join(handle.worktree, 'other'), { evil: 'evil' });
    await poison(join(other.path, '.git'), trap.script);
    await writeFile(join(handle.worktree, '.git'), `gitdir: ${join(other.path, '.git')}\n`);
    await writeFile(join(handle.worktree, 'a.txt'), 'z\n');
    const tree = await useEverything(workspace, handle);
    expect(await pathsOf(repo, tree)).toEqual(['a.txt', 'src/b.txt']);
    expect(await trap.sprung()).toBe(false);
    const again = await prepared(workspace, jobOf(repo.path));
    expect(await readFile(join(again.worktree, '.git'), 'utf8')).toBe(`gitdir: ${handle.worktreeGitDir}\n`);
  });

  it('is not believed: a whole .git folder in the place of the file, or none', async () => {
    const { folder, workspace, repo, handle } = await setUpJob();
    const trap = await makeTrap(folder);
    await rm(join(handle.worktree, '.git'));
    await useEverything(workspace, handle);
    await gitIn(handle.worktree, 'init', '--quiet');
    await poison(join(handle.worktree, '.git'), trap.script);
    const tree = await useEverything(workspace, handle);
    expect(tree).toBe(await repo.git('rev-parse', 'main^{tree}'));
    expect(await trap.sprung()).toBe(false);
    await workspace.close(handle);
    expect(await repo.git('worktree', 'list')).not.toContain('crew/');
  });

  it('is never recorded under a name that a disk could take for .git', async () => {
    const { workspace, repo, handle } = await setUpJob();
    for (const name of ['.GIT', '.Git', 'git~1', '.git ', 'sub/.GIT']) {
      await mkdir(join(handle.worktree, name, 'hooks'), { recursive: true });
      await writeFile(join(handle.worktree, name, 'hooks', 'pre-commit'), '#!/bin/sh\n');
    }
    expect(await pathsOf(repo, await useEverything(workspace, handle))).toEqual(['a.txt', 'src/b.txt']);
  });

  it('cannot lead restore out through a symlink', async () => {
    const { folder, workspace, handle } = await setUpJob({ 'dir/file.txt': 'inside\n', 'top.txt': 't' });
    const base = await workspace.tree(handle);
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'file.txt'), 'precious');
    await rename(join(handle.worktree, 'dir'), join(handle.worktree, 'moved'));
    await symlink(outside, join(handle.worktree, 'dir'));
    await rm(join(handle.worktree, 'top.txt'));
    await symlink(join(outside, 'file.txt'), join(handle.worktree, 'top.txt'));
    const tree = await workspace.tree(handle);
    expect(tree).not.toBe(base);
    await workspace.restore(handle, base);
    expect(await readFile(join(outside, 'file.txt'), 'utf8')).toBe('precious');
    expect(await readFile(join(handle.worktree, 'dir', 'file.txt'), 'utf8')).toBe('inside\n');
    expect(await readdir(outside)).toEqual(['file.txt']);
  });

  it('cannot lead close out through a symlink', async () => {
    const { folder, workspace, handle } = await setUpJob();
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'file.txt'), 'precious');
    await symlink(outside, join(handle.worktree, 'out'));
    await workspace.close(handle);
    expect(await readdir(outside)).toEqual(['file.txt']);
  });
});

describe('what the user has configured', () => {
  it('filters of the user run neither in the worktree nor in an export', async () => {
    const { folder, workspace } = await setUp();
    const trap = await makeTrap(folder);
    const repo = await makeRepo(join(folder, 'repo'), {
      '.gitattributes': '*.dat filter=mine\n',
      'x.dat': 'stored\n',
    });
    for (const kind of ['clean', 'smudge', 'process'])
      await repo.git('config', `filter.mine.${kind}`, trap.script);
    await repo.git('config', 'filter.mine.required', 'true');
    const handle = await prepared(workspace, jobOf(repo.path));
    expect(await readFile(join(handle.worktree, 'x.dat'), 'utf8')).toBe('stored\n');
    await writeFile(join(handle.worktree, 'x.dat'), 'changed\n');
    const tree = await useEverything(workspace, handle);
    expect(await repo.git('cat-file', '-p', `${tree}:x.dat`)).toBe('changed');
    expect(await trap.sprung()).toBe(false);
  });

  it('a filter of the account that would import a module from the worktree does not run', async () => {
    const { folder } = await setUp();
    const trap = await makeTrap(folder);
    const config = join(folder, 'gitconfig');
    await gitIn(folder, 'config', '--file', config, 'filter.nb.clean', 'sh ./planted.sh');
    await gitIn(folder, 'config', '--file', config, 'core.fsmonitor', trap.script);
    await gitIn(folder, 'config', '--file', config, 'core.hooksPath', folder);
    await writeFile(join(folder, 'post-checkout'), `#!/bin/sh\n${trap.script}\n`, { mode: 0o755 });
    const { workspace } = await setUp({ env: { ...gitTestEnv, GIT_CONFIG_GLOBAL: config } });
    const repo = await makeRepo(join(folder, 'repo'), { 'a.txt': 'a\n' });
    const handle = await prepared(workspace, jobOf(repo.path));
    await writeFile(join(handle.worktree, '.gitattributes'), '* filter=nb\n');
    await writeFile(join(handle.worktree, 'planted.sh'), `${trap.script}\n`);
    await useEverything(workspace, handle);
    expect(await trap.sprung()).toBe(false);
  });

  it('an external diff, a text converter, a pager and signing do not run', async () => {
    const { folder, workspace } = await setUp();
    const trap = await makeTrap(folder);
    const repo = await makeRepo(join(folder, 'repo'), {
      '.gitattributes': '*.txt diff=mine\n',
      'a.txt': 'a\n',
    });
    for (const [key, value] of [
      ['diff.external', trap.script],
      ['diff.mine.textconv', trap.script],
      ['diff.mine.command', trap.script],
      ['core.pager', trap.script],
      ['gpg.program', trap.script],
      ['commit.gpgSign', 'true'],
      ['submodule.recurse', 'true'],
      ['core.sparseCheckout', 'true'],
    ] as const) {
      await repo.git('config', key, value);
    }
    const handle = await prepared(workspace, jobOf(repo.path));
    await writeFile(join(handle.worktree, 'a.txt'), 'b\n');
    await useEverything(workspace, handle);
    expect((await workspace.diff(handle, null, 1000)).diff).toContain('-a\n+b\n');
    expect(await trap.sprung()).toBe(false);
  });
});

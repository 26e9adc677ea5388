import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { userArgument, type UserIds } from './container-config.ts';

const run = promisify(execFile);

/** Who runs in the container when the host user is root (CI): a user that is nobody on the host. */
const unprivileged: UserIds = { uid: 10_001, gid: 10_001 };

/** The host's user, so that files in the worktree stay the user's; never root. */
export const sandboxUser = (hostUser: UserIds): UserIds => (hostUser.uid === 0 ? unprivileged : hostUser);

/**
 * Gives `folder` and all in it to `user`, where it is not theirs already; symlinks themselves, never their targets.
 * Does nothing unless the host user is root, who alone creates files for another. The top `.git` keeps its owner.
 *
 * `find` does the walk: it is outside our event loop, and 50,000 files take it a tenth of a second. Nothing else runs
 * in the worktree meanwhile, so paths cannot be swapped under it.
 */
export async function giveTo(
  folder: string,
  hostUser: UserIds,
  user: UserIds,
  signal: AbortSignal,
): Promise<void> {
  if (hostUser.uid !== 0 || process.platform === 'win32') return;
  const notTheirs = ['(', '!', '-uid', String(user.uid), '-o', '!', '-gid', String(user.gid), ')'];
  const change = ['-exec', 'chown', '-h', userArgument(user), '{}', '+'];
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  await run('find', [start, '-xdev', '-path', `${start}.git`, '-prune', '-o', ...notTheirs, ...change], {
    signal,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
}

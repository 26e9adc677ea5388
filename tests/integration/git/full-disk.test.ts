import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTempFolder, removeTempFolder } from '../../support/repos.ts';

const mountable = spawnSync('unshare', ['--mount', 'true']).status === 0;
const needsMount = mountable ? '' : ' [skipped: no right to mount a disk]';

describe.skipIf(!mountable)(`a workspace on a full disk${needsMount}`, () => {
  it('says so at each call, undoes what a job has written there, and is whole once there is room', async () => {
    const folder = await makeTempFolder();
    onTestFinished(() => removeTempFolder(folder));
    const mount = 'mount -t tmpfs -o size=40m tmpfs "$1" && shift && exec "$@"';
    const script = join(import.meta.dirname, 'full-disk.ts');
    const args = ['--mount', 'sh', '-c', mount, 'sh', folder, process.execPath, script, folder];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const full = expect.stringMatching(
      /^DiskFull: The disk that holds ".*" is full: free some space \(16 MB at least\), then the job goes on by itself$/,
    ) as string;
    expect(JSON.parse(stdout)).toEqual({
      failures: [full, full, full, full],
      restored: { text: 'a\n', big: false, cache: true },
      cache: false,
      whole: true,
      again: true,
      fsck: '',
    });
  });
});

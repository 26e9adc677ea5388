import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithDocker } from '../../support/requirements.ts';
import {
  engine,
  hostUser,
  insideUid,
  makeSandbox,
  makeSpec,
  makeWorktree,
  openSession,
  run,
} from './harness.ts';

describeWithDocker('docker sandbox: isolation', () => {
  it('runs commands as an unprivileged user in the worktree', async () => {
    const session = await openSession();
    const { stdout, exitCode } = await run(session, 'id -u; pwd; grep CapEff /proc/self/status');
    expect(stdout).toBe(`${insideUid}\n/workspace\nCapEff:\t0000000000000000\n`);
    expect(exitCode).toBe(0);
  });

  it('lets nobody gain privileges', async () => {
    const session = await openSession();
    const { stdout } = await run(session, 'grep -E "NoNewPrivs|Seccomp:" /proc/self/status');
    expect(stdout).toMatch(/NoNewPrivs:\t1/);
    expect(stdout).toMatch(/Seccomp:\t2/);
  });

  it('has no network', async () => {
    const session = await openSession();
    const { stdout } = await run(
      session,
      'cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d " "; cat /proc/net/route',
    );
    expect(stdout.split('\n').filter(Boolean)[0]).toBe('lo');
    expect(stdout.split('\n').filter((line) => /^(?:eth|en)/.test(line))).toEqual([]);
    const connect = 'const s=require("net").connect(53,"1.1.1.1");s.on("error",e=>{console.log(e.code)})';
    expect((await run(session, `node -e '${connect}'`)).stdout).toBe('ENETUNREACH\n');
  });

  it('cannot write outside of the worktree, /tmp and HOME', async () => {
    const session = await openSession();
    const tried =
      'for d in / /etc /usr/bin /var/tmp /root /home /dev; do touch $d/x 2>/dev/null && echo "$d"; done; true';
    expect((await run(session, tried)).stdout).toBe('');
    expect(
      (await run(session, 'echo a >/tmp/x && echo b >"$HOME/x" && echo c >x && cat /tmp/x ~/x x')).stdout,
    ).toBe('a\nb\nc\n');
  });

  it('sees nothing of the host: environment, engine socket, devices', async () => {
    process.env['SANDBOX_TEST_SECRET'] = 'leaked';
    try {
      const session = await openSession();
      const { stdout } = await run(
        session,
        'env; cat /proc/1/environ 2>/dev/null; ls /dev /run /var/run 2>/dev/null',
      );
      expect(stdout).not.toContain('leaked');
      expect(stdout).not.toContain('docker.sock');
      expect(
        stdout
          .split('\n')
          .filter((line) => line.includes('='))
          .map((line) => line.split('=')[0])
          .sort(),
      ).toEqual(expect.arrayContaining(['HOME', 'PATH', 'PWD']));
      expect(stdout).not.toMatch(/^(?:sda|vda|kmsg|mem)$/m);
    } finally {
      delete process.env['SANDBOX_TEST_SECRET'];
    }
  });

  it('keeps the .git file of a worktree from change', async () => {
    const spec = makeSpec();
    const session = await openSession(spec);
    const line = 'echo x >.git; rm -f .git; mv .git g; ln -sf /etc/passwd .git; cat .git';
    expect((await run(session, line)).stdout).toBe('gitdir: /somewhere/else\n');
    expect(readFileSync(join(spec.worktree, '.git'), 'utf8')).toBe('gitdir: /somewhere/else\n');
  });

  it('hides a .git folder', async () => {
    const worktree = makeWorktreeWithGitFolder();
    const session = await openSession(makeSpec({ worktree }));
    const { stdout } = await run(session, 'ls -A .git; touch .git/hooks 2>/dev/null || echo refused');
    expect(stdout).toBe('refused\n');
    expect(existsSync(join(worktree, '.git/hooks'))).toBe(false);
  });

  it('limits memory, processes, files and core dumps', async () => {
    const session = await openSession();
    expect((await run(session, 'ulimit -n; ulimit -c')).stdout).toBe('20000\n0\n');
    const { HostConfig: limits } = await engine().getContainer(session.containerId).inspect();
    expect(limits).toMatchObject({
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 64,
      NanoCpus: 2e9,
      CapDrop: ['ALL'],
      CapAdd: null,
      Privileged: false,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      LogConfig: { Type: 'none' },
    });
  });

  it('follows no symlink out of the worktree, neither for commands nor when it gives files away', async () => {
    const worktree = makeWorktree();
    const outside = makeWorktree();
    writeFileSync(join(outside, 'secret'), 'secret', { mode: 0o600 });
    symlinkSync(outside, join(worktree, 'out'));
    symlinkSync('/etc', join(worktree, 'etc'));
    const session = await openSession(makeSpec({ worktree }));
    const { stdout } = await run(session, 'cat out/secret 2>/dev/null; touch etc/x 2>/dev/null; echo end');
    expect(stdout).toBe('end\n');
    expect(lstatSync(join(outside, 'secret')).uid).toBe(hostUser.uid);
    expect(lstatSync('/etc').uid).toBe(0);
  });

  it.runIf(hostUser.uid === 0)('gives what root wrote to the user inside, before each command', async () => {
    const spec = makeSpec();
    const session = await openSession(spec);
    await run(session, 'mkdir made && echo 1 >made/inside');
    writeFileSync(join(spec.worktree, 'made/late'), '1', { mode: 0o600 });
    mkdirSync(join(spec.worktree, 'new'), { mode: 0o700 });
    expect((await run(session, 'echo 2 >>made/late && touch new/x && cat made/late')).stdout).toBe('12\n');
    expect(lstatSync(join(spec.worktree, '.git')).uid).toBe(0);
    expect(readFileSync(join(spec.worktree, 'made/inside'), 'utf8')).toBe('1\n');
  });

  it.runIf(hostUser.uid === 0)('leaves files to a host user who is not root', async () => {
    const worktree = makeWorktree();
    chownSync(worktree, 1234, 2345);
    const user = { uid: 1234, gid: 2345 };
    const session = await openSession(makeSpec({ worktree }), makeSandbox({ hostUser: user }));
    expect((await run(session, 'id -u; id -g; touch x')).stdout).toBe('1234\n2345\n');
    const { uid, gid } = lstatSync(join(worktree, 'x'));
    expect({ uid, gid }).toEqual(user);
  });
});

function makeWorktreeWithGitFolder(): string {
  const outer = makeWorktree();
  const worktree = join(outer, 'repo');
  mkdirSync(join(worktree, '.git'), { recursive: true });
  writeFileSync(join(worktree, '.git/config'), '[remote "origin"]\n');
  return worktree;
}

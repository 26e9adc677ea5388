import { expect, it } from 'vitest';
import type { ExecResult } from '../../../src/main/app/ports/sandbox.ts';
import { describeWithDocker } from '../../support/requirements.ts';
import { isIdle, makeSpec, never, openSession, processesIn, run } from './harness.ts';

/** Python that becomes a daemon: twice forked, a session of its own, deaf to polite signals, no output held open. */
const daemon = `python3 -c '
import os, signal, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
null = os.open("/dev/null", os.O_RDWR)
for fd in (0, 1, 2): os.dup2(null, fd)
open("started", "w").close()
time.sleep(10000)
'; while [ ! -e started ]; do sleep 0.05; done`;
const forkBomb = 'bomb() { bomb | bomb & }; bomb';

describeWithDocker('docker sandbox: processes', () => {
  it('returns exit codes', async () => {
    const session = await openSession();
    expect((await run(session, 'true')).exitCode).toBe(0);
    expect((await run(session, 'exit 7')).exitCode).toBe(7);
    expect((await run(session, 'no-such-command')).exitCode).toBe(127);
    expect((await run(session, 'kill -TERM $$')).exitCode).toBe(143);
    expect((await run(session, 'echo "unclosed')).exitCode).not.toBe(0);
  });

  it('does not wait for what a command leaves in the background, and ends it', async () => {
    const session = await openSession();
    const { stdout, timedOut } = await run(session, 'sleep 1000 & echo started');
    expect([stdout, timedOut]).toEqual(['started\n', false]);
    expect(await processesIn(session)).toSatisfy(isIdle);
  });

  it('ends daemons', async () => {
    const session = await openSession();
    expect((await run(session, daemon)).exitCode).toBe(0);
    expect(await processesIn(session)).toSatisfy(isIdle);
  });

  it('ends daemons of a command that killed its own supervisor', async () => {
    const session = await openSession();
    const { exitCode } = await run(session, `${daemon}; kill -9 $PPID`);
    expect(exitCode).toBe(137);
    expect(await processesIn(session)).toSatisfy(isIdle);
  });

  it('ends everything at the time limit', async () => {
    const session = await openSession();
    let timeoutMs = 1_500;
    const runOut = (): Promise<ExecResult> =>
      run(session, `rm -f started; ${daemon}; echo waiting; sleep 1000`, { timeoutMs });
    let result = await runOut();
    // On a busy machine the daemon may not be there yet.
    for (; result.stdout === '' && timeoutMs < 60_000; result = await runOut()) timeoutMs *= 2;
    expect(result).toMatchObject({ exitCode: null, timedOut: true, outOfMemory: false, stdout: 'waiting\n' });
    expect(result.durationMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(await processesIn(session)).toSatisfy(isIdle);
    expect((await run(session, 'echo again')).stdout).toBe('again\n');
  });

  it('ends a fork bomb that holds every process there may be', async () => {
    const session = await openSession();
    // exec: the shell itself could not fork any more, and would end.
    const result = await run(session, `${forkBomb}; exec sleep 1000`, { timeoutMs: 1_500 });
    expect(result.timedOut).toBe(true);
    expect(await processesIn(session)).toSatisfy(isIdle);
    expect((await run(session, 'echo alive; cat /workspace/.git')).stdout).toContain('alive');
  });

  it('ends a fork bomb that was left behind', async () => {
    const session = await openSession();
    const left = `bash -c '${forkBomb}' >/dev/null 2>&1 & sleep 0.3; kill -9 $PPID`;
    await run(session, left, { timeoutMs: 5_000 });
    expect(await processesIn(session)).toSatisfy(isIdle);
    expect((await run(session, 'echo alive')).stdout).toBe('alive\n');
  });

  it('cancels', async () => {
    const session = await openSession();
    const cancel = new AbortController();
    const result = await session.exec(`${daemon}; echo ready; sleep 1000`, {
      timeoutMs: 30_000,
      signal: cancel.signal,
      onOutput: (_stream, text) => {
        if (text.includes('ready')) cancel.abort();
      },
    });
    expect(result).toEqual({ ok: false, error: { kind: 'canceled', message: 'Canceled.' } });
    expect(await processesIn(session)).toSatisfy(isIdle);
    expect((await run(session, 'echo again')).stdout).toBe('again\n');
  });

  it('starts nothing when canceled before', async () => {
    const session = await openSession();
    const result = await session.exec('touch x', { timeoutMs: 30_000, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, error: { kind: 'canceled' } });
    expect((await run(session, 'ls')).stdout).toBe('');
  });

  it('says when memory ran out, and of the right command', async () => {
    const session = await openSession(makeSpec({ limits: { memoryMb: 128, cpus: 1, pids: 64 } }));
    const hog = "python3 -c 'a = bytearray(400 << 20)'";
    expect(await run(session, hog)).toMatchObject({ exitCode: 137, outOfMemory: true, timedOut: false });
    expect(await run(session, 'exit 3')).toMatchObject({ exitCode: 3, outOfMemory: false });
    // A child's end that the command itself survives, and then its own failure.
    expect(await run(session, `${hog}; exit 0`)).toMatchObject({ exitCode: 0, outOfMemory: false });
    expect(await run(session, 'exit 4')).toMatchObject({ exitCode: 4, outOfMemory: false });
    expect(await run(session, `${hog}; exit 5`)).toMatchObject({ exitCode: 5, outOfMemory: true });
    expect(await run(session, `kill -9 $$`)).toMatchObject({ exitCode: 137, outOfMemory: false });
  });

  it('survives a full /tmp', async () => {
    const session = await openSession(makeSpec({ limits: { memoryMb: 128, cpus: 1, pids: 64 } }));
    const filled = await run(
      session,
      'dd if=/dev/zero of=/tmp/big bs=1M; dd if=/dev/zero of=$HOME/big bs=1M; true',
    );
    expect(filled.stderr).toContain('No space left');
    expect((await run(session, 'rm /tmp/big && echo freed')).stdout).toBe('freed\n');
  });

  it('runs commands one after the other', async () => {
    const session = await openSession();
    const both = await Promise.all([
      session.exec('echo a >>order; sleep 0.2; echo b >>order', { timeoutMs: 30_000, signal: never }),
      session.exec('echo c >>order; cat order', { timeoutMs: 30_000, signal: never }),
    ]);
    expect(both[1]).toMatchObject({ ok: true, value: { stdout: 'a\nb\nc\n' } });
  });
});

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { watchLoop } from '../../support/loop-hold.ts';
import { describeWithDocker } from '../../support/requirements.ts';
import { makeSpec, makeWorktree, openSession, run } from './harness.ts';

const mib = 1024 * 1024;

describeWithDocker('docker sandbox: output', () => {
  it('tells stdout and stderr apart, live and in the result', async () => {
    const session = await openSession();
    const live: string[] = [];
    const result = await run(session, 'echo out; echo err >&2; printf tail', {
      onOutput: (stream, text) => live.push(`${stream}:${text}`),
    });
    expect(result).toMatchObject({ stdout: 'out\ntail', stderr: 'err\n', truncated: false });
    expect(live.filter((piece) => piece.startsWith('stderr')).join('')).toBe('stderr:err\n');
    expect(
      live
        .filter((piece) => piece.startsWith('stdout'))
        .join('')
        .replaceAll('stdout:', ''),
    ).toBe('out\ntail');
  });

  it('puts characters together that come in pieces', async () => {
    const session = await openSession();
    const live: string[] = [];
    // Korean: three bytes a character, each written by itself.
    const write =
      'const b=Buffer.from("한글 끝\\n");for(const x of b){require("fs").writeSync(1,Buffer.from([x]))}';
    const result = await run(session, `node -e '${write}'`, { onOutput: (_stream, text) => live.push(text) });
    expect(result.stdout).toBe('한글 끝\n');
    expect(live.join('')).toBe('한글 끝\n');
    expect(live.join('')).not.toContain('\uFFFD');
  });

  it('keeps head and tail of a long output, and the whole of it in the log', async () => {
    const spec = makeSpec();
    const session = await openSession(spec);
    const logPath = join(makeWorktree(), 'log');
    const result = await run(session, 'seq 1 200000', { logPath });
    expect(result.truncated).toBe(true);
    expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(64 * 1024);
    expect(result.stdout).toMatch(/^1\n2\n3\n/);
    expect(result.stdout).toMatch(/\n… \d+ bytes left out …\n/);
    expect(result.stdout).toMatch(/\n199999\n200000\n$/);
    const log = readFileSync(logPath, 'utf8');
    expect(log.startsWith('1\n2\n')).toBe(true);
    expect(log.endsWith('199999\n200000\n')).toBe(true);
    expect(log.split('\n')).toHaveLength(200_001);
    expect(statSync(logPath).mode & 0o777).toBe(0o600);
  });

  it('goes on without a log that cannot be written', async () => {
    const session = await openSession();
    const result = await run(session, 'echo fine', { logPath: '/no/such/folder/log' });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'fine\n' });
  });

  it('takes a flood in constant memory, leaves the event loop free and ends it', async () => {
    const spec = makeSpec();
    const session = await openSession(spec);
    const logPath = join(makeWorktree(), 'log');
    let live = 0;
    let peak = 0;
    const before = process.memoryUsage.rss();
    const loop = watchLoop();
    const result = await run(session, 'yes "a line of a flood that goes on for ever"', {
      timeoutMs: 3_000,
      logPath,
      onOutput: (_stream, text) => {
        live += text.length;
        peak = Math.max(peak, process.memoryUsage.rss());
      },
    });
    const { medianMs } = loop.stop();
    expect(result).toMatchObject({ timedOut: true, truncated: true });
    expect(Buffer.byteLength(result.stdout)).toBeLessThanOrEqual(64 * 1024);
    expect(live).toBeLessThan(9 * mib);
    expect(Math.max(peak, process.memoryUsage.rss()) - before).toBeLessThan(96 * mib);
    expect(statSync(logPath).size).toBeLessThan(65 * mib);
    expect(medianMs).toBeLessThan(20);
  });
});

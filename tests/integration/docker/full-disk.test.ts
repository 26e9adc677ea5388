import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOwnEngine, type OwnEngine } from '../../support/docker-engine/own-engine.ts';
import { fillDisk } from '../../support/fill-disk.ts';
import { describeWithRegistry } from '../../support/requirements.ts';
import { makeSandbox, makeSpec, never, openSession, run } from './harness.ts';

const image = 'dev-crew-small:1';
let docker: OwnEngine;

const freeMiB = (path: string): number => {
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 1024 / 1024;
};

/** Runs a scene of `full-disk-job.ts` in an app whose data folder is on the small disk, and returns what it said. */
async function scene(name: string): Promise<Record<string, unknown>> {
  const script = join(import.meta.dirname, 'full-disk-job.ts');
  const env = { PATH: process.env['PATH'], DOCKER_HOST: docker.host, DEV_CREW_DOCKER_IMAGE: image };
  const child = docker.inside(env, process.execPath, script, name, docker.disk);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('no pipes');
  const [said, errors] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  expect(errors).toBe('');
  return JSON.parse(said) as Record<string, unknown>;
}

// Asked for with the registry: the engine of its own comes with it.
describeWithRegistry('a disk that is full', () => {
  beforeAll(async () => {
    docker = await startOwnEngine({ imagesSize: '96m', diskSize: '64m' });
    await docker.importSmallImage(image, 1, ['/data']);
  });
  afterAll(() => docker.stop());

  it('the engine’s: no container is had, and the error says what to do; with room there is one', async () => {
    const sandbox = makeSandbox({ dockerHost: docker.host });
    const filled = fillDisk(docker.imagesDisk);
    expect(await sandbox.open(makeSpec({ image }), () => {}, never)).toMatchObject({
      error: {
        kind: 'disk_full',
        message: expect.stringMatching(
          /^The disk of the Docker engine is full \(.*no space left on device\)\. Free some space, for example with "docker system prune", and try again\.$/,
        ) as string,
      },
    });
    expect(await docker.docker.listContainers({ all: true })).toEqual([]);
    filled.makeRoom();
    const session = await openSession(makeSpec({ image }), sandbox);
    expect((await run(session, 'echo fine')).stdout).toBe('fine\n');
    await session.close();
  });

  it('the engine’s: nothing that a command writes can fill it, not even in a volume of the image', async () => {
    const sandbox = makeSandbox({ dockerHost: docker.host });
    const session = await openSession(makeSpec({ image }), sandbox);
    const before = freeMiB(docker.imagesDisk);
    for (const place of ['/data/big', '/tmp/big']) {
      const full = await run(session, `dd if=/dev/zero of=${place} bs=1M count=500`);
      expect(full).toMatchObject({ exitCode: 1, outOfMemory: false });
      expect(full.stderr).toContain('No space left on device');
    }
    expect((await run(session, 'echo x > /big')).stderr).toContain('Read-only file system');
    expect(before - freeMiB(docker.imagesDisk)).toBeLessThan(2);
    expect((await run(session, ': > /data/big; : > /tmp/big; echo fine > /tmp/x; cat /tmp/x')).stdout).toBe(
      'fine\n',
    );
    await session.close();
    expect((await docker.docker.listVolumes()).Volumes).toEqual([]);
  });

  it('the worktree’s, as the agent is about to write: the job says so, waits, loses nothing and goes on by itself', async () => {
    const told = await scene('waits');
    expect(told['notified']).toEqual([
      expect.stringMatching(/^needs_human: The disk that holds .* free some space/),
      'completed: Job completed',
    ]);
    const reason = expect.stringMatching(
      /^The disk that holds ".*disk\/waits" is full: free some space \(16 MB at least\), then the job goes on by itself$/,
    ) as string;
    expect(told).toMatchObject({
      during: { reason, state: 'executing', inbox: [reason], file: '41\n' },
      state: 'completed',
      failures: [],
      audit: true,
      answer: '42',
      changed: 'answer.txt',
      open: [],
      told: [reason],
    });
    const log = told['log'] as string[];
    expect(log).toContainEqual(
      expect.stringMatching(/^a job waits for the store: The disk that holds .* is full/),
    );
    expect(log).toContainEqual(expect.stringMatching(/^a job waits for room on a disk: The disk that holds/));
    expect(log.join()).not.toContain('defect');
    const orders = told['orders'] as number[];
    expect(orders).toEqual(orders.map((_, index) => index + 1));
  });

  it('the worktree’s, through a command: all it changed is taken back, the agent hears of it and does better', async () => {
    const told = await scene('fills');
    expect(told).toMatchObject({
      state: 'completed',
      failures: [],
      audit: true,
      answer: '42',
      changed: 'answer.txt',
      told: [],
    });
    expect(String(told['log'])).not.toMatch(/defect|a job waits/);
    const [command] = (told['results'] as { name: string; output: string }[]).filter(
      ({ name }) => name === 'run_command',
    );
    expect(command?.output).toMatch(/^This command filled the disk, so all that it changed was taken back/);
    expect(command?.output).toContain('No space left on device');
    expect(told['roomMiB']).toBeGreaterThan(16);
  });
});

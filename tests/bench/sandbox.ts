import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDockerSandbox } from '../../src/main/infra/docker/docker-sandbox.ts';
import { part, sandboxImage } from '../support/parts.ts';
import { median, timed } from './lib/stats.ts';

const rounds = 41;
const warmUp = 5;

/**
 * Median time of one command through our layer (files given to the user, the command, output captured, all processes
 * surely gone) against the same exec by bare dockerode in the same container, taken in turns. In milliseconds.
 */
export async function benchSandbox(): Promise<{
  name: string;
  ours_ms: number;
  bare_ms: number;
  ratio: number;
}> {
  const worktree = mkdtempSync(join(tmpdir(), 'bench-sandbox-'));
  const dockerHost = part('docker');
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const hostUser = { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 };
  const sandbox = createDockerSandbox({
    dockerHost,
    dataFolderId: randomUUID(),
    log: silent,
    image: sandboxImage,
    hostUser,
  });
  const limits = { memoryMb: 512, cpus: 2, pids: 128 };
  const spec = {
    jobId: randomUUID(),
    purpose: 'work' as const,
    worktree,
    image: sandboxImage(),
    workdir: '/workspace',
    limits,
  };
  const signal = new AbortController().signal;
  const opened = await sandbox.open(spec, () => {}, signal);
  if (!opened.ok) throw new Error(opened.error.message);
  const session = opened.value;
  try {
    const container = new Docker({
      socketPath: dockerHost.replace('unix://', ''),
      host: undefined,
    }).getContainer(session.containerId);
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds + warmUp; round += 1) {
      const oursMs = await timed(() => session.exec('true', { timeoutMs: 30_000, signal }));
      const bareMs = await timed(() => bareExec(container));
      if (round < warmUp) continue;
      ours.push(oursMs);
      bare.push(bareMs);
    }
    const [oursMs, bareMs] = [median(ours), median(bare)];
    return { name: 'sandbox command', ours_ms: oursMs, bare_ms: bareMs, ratio: oursMs / bareMs };
  } finally {
    await session.close();
    rmSync(worktree, { recursive: true, force: true });
  }
}

async function bareExec(container: Docker.Container): Promise<void> {
  const exec = await container.exec({ AttachStdout: true, AttachStderr: true, Cmd: ['sh', '-c', 'true'] });
  const output = await exec.start({ hijack: false, stdin: false });
  output.resume();
  await new Promise((resolve) => output.once('close', resolve));
  await exec.inspect();
}

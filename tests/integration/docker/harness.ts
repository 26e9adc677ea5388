import Docker from 'dockerode';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  ExecOptions,
  ExecResult,
  Sandbox,
  SandboxSession,
  SandboxSpec,
} from '../../../src/main/app/ports/sandbox.ts';
import type { Log } from '../../../src/main/app/ports/system.ts';
import {
  createDockerSandbox,
  type DockerSandboxDeps,
} from '../../../src/main/infra/docker/docker-sandbox.ts';
import { part, sandboxImage } from '../../support/requirements.ts';

export const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };
export const never = new AbortController().signal;
export const hostUser = { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 };
/** Who commands run as: root is never used. */
export const insideUid = hostUser.uid === 0 ? 10_001 : hostUser.uid;

/** The engine as seen from outside, to check on what the adapter says. */
export const engine = (): Docker =>
  new Docker({ socketPath: part('docker').replace('unix://', ''), host: undefined });

/** A sandbox for a data folder of its own; whatever it leaves is removed after the test. */
export function makeSandbox(deps: Partial<DockerSandboxDeps> = {}): Sandbox {
  const sandbox = createDockerSandbox({
    dataFolderId: randomUUID(),
    log: quiet,
    image: sandboxImage,
    hostUser,
    ...deps,
    // Not asked for where a test brings an engine of its own.
    dockerHost: deps.dockerHost ?? part('docker'),
  });
  onTestFinished(async () => {
    await sandbox.reap(new Set());
  });
  return sandbox;
}

/** A folder with a `.git` file, as a linked worktree has. */
export function makeWorktree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.git'), 'gitdir: /somewhere/else\n');
  return folder;
}

export function makeSpec(changes: Partial<SandboxSpec> = {}): SandboxSpec {
  return {
    jobId: randomUUID(),
    purpose: 'work',
    worktree: changes.worktree ?? makeWorktree(),
    image: sandboxImage(),
    workdir: '/workspace',
    limits: { memoryMb: 256, cpus: 2, pids: 64 },
    ...changes,
  };
}

export async function openSession(
  spec: SandboxSpec = makeSpec(),
  sandbox: Sandbox = makeSandbox(),
): Promise<SandboxSession> {
  const opened = await sandbox.open(spec, () => {}, never);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** Runs a line and returns its result; throws where there is none. */
export async function run(
  session: SandboxSession,
  line: string,
  options: Partial<ExecOptions> = {},
): Promise<ExecResult> {
  const result = await session.exec(line, { timeoutMs: 30_000, signal: never, ...options });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Commands of the processes in a container, as the engine's host sees them. */
export async function processesIn(session: SandboxSession): Promise<string[]> {
  const top = (await engine().getContainer(session.containerId).top({ ps_args: '-eo pid,args' })) as {
    Processes: string[][];
  };
  return top.Processes.map((process_) => process_.slice(1).join(' '));
}

/** What is in a container of ours when no command runs; just after its start the shell alone. */
const idle = [/^sh -c trap /, /^sleep 86400$/];
export const isIdle = (processes: readonly string[]): boolean =>
  processes.length <= 2 && processes.every((process_) => idle.some((pattern) => pattern.test(process_)));

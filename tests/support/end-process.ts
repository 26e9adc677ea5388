import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Longest that a program of ours may take to end, in milliseconds; its own limit for that is 15 s of a machine that is free. */
const endLimitMs = 60_000;

/**
 * Asks a process to end and resolves when it has. One that does not is killed, its group too where it leads one, and
 * that is an error: the test says which program hangs, and nothing of it hangs the runner or stays behind.
 */
export async function endProcess(child: ChildProcess, ask: () => unknown): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(endLimitMs) });
  ask();
  try {
    await ended;
  } catch {
    const killed = once(child, 'exit');
    killTree(child);
    await killed;
    throw new Error(`${child.spawnfile} did not end within ${endLimitMs / 1000} s and was killed`);
  }
}

/** Kills a process and the group that it leads, if it leads one. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

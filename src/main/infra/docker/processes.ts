import { setTimeout as delay } from 'node:timers/promises';
import { statusOf } from './errors.ts';
import type { EngineContainer } from './engine.ts';
import { keepAliveProcesses } from './container-config.ts';
import { readOutput } from './output.ts';

/**
 * SIGKILL to every process of the calling user in the container, until none is left (a kill(2) of -1 is atomic against
 * fork, so one round is enough; further ones wait for PID 1 to reap). Bounded, since under rootless Docker the user is
 * root and PID 1's own sleep comes back each time.
 */
const killAll = 'n=0; while [ $n -lt 500 ] && kill -9 -1 2>/dev/null; do n=$((n+1)); done';

/**
 * Prints to stderr how many processes of this container were ended for want of memory. The kernel's own count (cgroup
 * v2, then v1), because the engine's OOMKilled stays false for an exec. Shell built-ins only: nothing is forked.
 */
const reportOom =
  'oom=0; for f in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do ' +
  'if [ -r $f ]; then while read -r k v; do if [ "$k" = oom_kill ]; then oom=$v; fi; done <$f; fi; done; echo $oom >&2';

/**
 * argv that runs a command line with `sh -c` and ends what it left running when it is through. That is the quick way
 * for the usual case; a command can kill this shell, so `endProcesses` checks from outside.
 * The first line on stderr is the count of `reportOom`, before any of the command's own output.
 */
export const commandArgv = (commandLine: string): string[] => [
  'sh',
  '-c',
  `${reportOom}; sh -c "$1"; s=$?; ${killAll}; exit $s`,
  'sh',
  commandLine,
];

/** Longest to wait for killed processes to be gone, and for the exec that kills them, in milliseconds. */
const goneWithinMs = 2_000;
const checkEveryMs = 10;

/** How it ended: `killed` when something was left and is ended, `restarted` when it took a new start of the container. */
export type Ending = 'clean' | 'killed' | 'restarted';

/**
 * Ends every process in the container but PID 1's own, whatever it takes. There is no call to kill an exec, so a second
 * exec kills as the user; where that cannot start (a fork bomb holds all pids) or is not enough, the container is
 * killed with all that is in it, and started again. Rejects only when the engine fails.
 */
export async function endProcesses(
  container: EngineContainer,
  user: string,
  surelyRunning: boolean,
): Promise<Ending> {
  if (!surelyRunning && (await onlyKeepAlive(container))) return 'clean';
  if ((await killByExec(container, user)) && (await settles(container))) return 'killed';
  await container.restart();
  return 'restarted';
}

/** False also when the engine cannot tell. */
async function onlyKeepAlive(container: EngineContainer): Promise<boolean> {
  const count = await container.processes();
  // 0: the container itself has ended, and with PID 1 all the others; `killByExec` then fails and it is restarted.
  return count !== null && count > 0 && count <= keepAliveProcesses;
}

async function killByExec(container: EngineContainer, user: string): Promise<boolean> {
  try {
    const exec = await container.exec({ argv: ['sh', '-c', killAll], user });
    const stuck = AbortSignal.timeout(goneWithinMs);
    stuck.addEventListener('abort', () => exec.output.destroy(), { once: true });
    await readOutput(exec.output, { onLogFailure: () => undefined });
    return !stuck.aborted && (await exitCodeOf(exec)) === 0;
  } catch (error) {
    // The engine's answer that it could not start one; anything else is the engine itself failing.
    if (statusOf(error) !== undefined) return false;
    throw error;
  }
}

/** Killed processes take a moment to go, which nothing announces. */
async function settles(container: EngineContainer): Promise<boolean> {
  const tries = goneWithinMs / checkEveryMs;
  for (let n = 0; n < tries; n += 1) {
    const count = await container.processes();
    if (count === null) return true;
    if (count === 0) return false;
    if (count <= keepAliveProcesses) return true;
    await delay(checkEveryMs);
  }
  return false;
}

/**
 * Exit code of a command whose output has ended. The engine closes the output a moment before it notes the code.
 * Null when it does not note it.
 */
export async function exitCodeOf(exec: { exitCode(): Promise<number | null> }): Promise<number | null> {
  const tries = goneWithinMs / checkEveryMs;
  for (let n = 0; n < tries; n += 1) {
    const code = await exec.exitCode();
    if (code !== null) return code;
    await delay(checkEveryMs);
  }
  return null;
}

/** The count of `reportOom` as it is now; null when it cannot be had. */
export async function outOfMemoryKills(container: EngineContainer, user: string): Promise<number | null> {
  const exec = await container.exec({ argv: ['sh', '-c', reportOom], user });
  const { firstLine } = await readOutput(exec.output, {
    splitFirstLine: true,
    onLogFailure: () => undefined,
  });
  return parseOomKills(firstLine);
}

export const parseOomKills = (line: string | null): number | null =>
  line !== null && /^\d+$/.test(line) ? Number(line) : null;

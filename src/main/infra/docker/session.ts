import type { ExecOptions, ExecResult, SandboxError, SandboxSession } from '../../app/ports/sandbox.ts';
import { ok, err, type Result } from '../../../shared/errors.ts';
import type { Log } from '../../app/ports/system.ts';
import { execEnvironment, userArgument, type ContainerPlan, type UserIds } from './container-config.ts';
import type { EngineContainer, RunningExec } from './engine.ts';
import { statusOf, toSandboxError } from './errors.ts';
import { readOutput, type CapturedOutput } from './output.ts';
import { giveTo } from './ownership.ts';
import { commandArgv, endProcesses, exitCodeOf, outOfMemoryKills, parseOomKills } from './processes.ts';

export interface SessionDeps {
  container: EngineContainer;
  plan: ContainerPlan;
  hostUser: UserIds;
  /** The engine's address, for messages. */
  where: string;
  log: Log;
  onClosed(): void;
}

/** Longest that output may stay open after all its writers were killed, in milliseconds. */
const drainMs = 5_000;

/** The session over a started container. Commands run one after the other: each ends with all processes gone. */
export function createSession(deps: SessionDeps): SandboxSession {
  const { container, log } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const exec = async (
    commandLine: string,
    options: ExecOptions,
  ): Promise<Result<ExecResult, SandboxError>> => {
    if (options.signal.aborted) return err({ kind: 'canceled', message: 'Canceled.' });
    if (closing) return err({ kind: 'failed', message: 'The sandbox of this job is closed.' });
    try {
      return await runCommand(deps, commandLine, options);
    } catch (error) {
      if (options.signal.aborted) return err({ kind: 'canceled', message: 'Canceled.' });
      return err(toSandboxError(error, deps.where));
    }
  };

  return {
    containerId: container.id,
    exec(commandLine, options) {
      const run = last.then(() => exec(commandLine, options));
      last = run;
      return run;
    },
    close() {
      closing ??= container
        .remove()
        .catch((error: unknown) =>
          log.warn('a sandbox container was not removed; it goes at the next start', {
            container: container.id,
            error: String(error),
          }),
        )
        .then(deps.onClosed);
      return closing;
    },
  };
}

type EndedBy = 'itself' | 'timeout' | 'cancel';

async function runCommand(
  deps: SessionDeps,
  commandLine: string,
  options: ExecOptions,
): Promise<Result<ExecResult, SandboxError>> {
  const { container, plan } = deps;
  const user = userArgument(plan.user);
  await giveTo(plan.spec.worktree, deps.hostUser, plan.user, options.signal);
  const startedAt = performance.now();
  const running = await start(container, {
    argv: commandArgv(commandLine),
    user,
    workdir: plan.spec.workdir,
    env: execEnvironment,
  });
  const { output, endedBy } = await supervise(deps, running, options).catch(async (error: unknown) => {
    // Whatever went wrong with its output, the command does not go on unwatched.
    await endProcesses(container, user, true).catch(() => undefined);
    throw error;
  });
  const durationMs = Math.round(performance.now() - startedAt);
  const exitCode = endedBy === 'itself' ? await exitCodeOf(running) : null;
  const ending = await endProcesses(container, user, false);
  if (endedBy === 'cancel') return err({ kind: 'canceled', message: 'Canceled.' });
  const { firstLine, ...captured } = output;
  // A command that succeeded did not suffer, and a restart has reset the count.
  const suffered = exitCode !== 0 && ending !== 'restarted';
  const outOfMemory = suffered && (await ranOutOfMemory(container, user, firstLine));
  return ok({ exitCode, ...captured, timedOut: endedBy === 'timeout', outOfMemory, durationMs });
}

async function ranOutOfMemory(
  container: EngineContainer,
  user: string,
  firstLine: string | null,
): Promise<boolean> {
  const before = parseOomKills(firstLine);
  const after = await outOfMemoryKills(container, user);
  return before !== null && after !== null && after > before;
}

/** Starts an exec; a container that has ended meanwhile (its PID 1 ran out of memory) is started again for it. */
async function start(
  container: EngineContainer,
  request: Parameters<EngineContainer['exec']>[0],
): Promise<RunningExec> {
  try {
    return await container.exec(request);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    await container.restart();
    return container.exec(request);
  }
}

/** Reads the output to its end, which comes at the latest after the time limit or a cancel. */
async function supervise(
  deps: SessionDeps,
  running: RunningExec,
  options: ExecOptions,
): Promise<{ output: CapturedOutput; endedBy: EndedBy }> {
  let endedBy: EndedBy = 'itself';
  let ended: Promise<unknown> = Promise.resolve();
  const end = (by: EndedBy): void => {
    if (endedBy !== 'itself') return;
    endedBy = by;
    ended = endProcesses(deps.container, userArgument(deps.plan.user), true)
      .catch((error: unknown) => running.output.destroy(asError(error)))
      .then(() => drain(running));
  };
  const timer = setTimeout(() => end('timeout'), options.timeoutMs);
  const onAbort = (): void => end('cancel');
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  try {
    const output = await readOutput(running.output, {
      onOutput: options.onOutput,
      logPath: options.logPath,
      splitFirstLine: true,
      onLogFailure: (error) => deps.log.warn('the output of a command is not kept', { error: String(error) }),
    });
    return { output, endedBy };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onAbort);
    await ended;
  }
}

/** Its writers are dead, so the output ends now; if the engine forgets to say so, it is cut. */
function drain(running: RunningExec): void {
  const timer = setTimeout(() => running.output.destroy(), drainMs);
  running.output.once('close', () => clearTimeout(timer));
  if (running.output.destroyed) clearTimeout(timer);
}

const asError = (value: unknown): Error => (value instanceof Error ? value : new Error(String(value)));

import { execa } from 'execa';
import { type GitPlace, gitEnvironment } from './git-environment.ts';

const second = 1000;
/** Of local calls; those that copy whole trees or use the network say their own. */
const defaultTimeoutMs = 120 * second;
const defaultMaxBytes = 256 * 1024 * 1024;
const maxStderrBytes = 16 * 1024 * 1024;

export interface GitCall extends GitPlace {
  args: readonly string[];
  /** Where the process starts. Never the worktree: what lies there is the agents'. */
  cwd: string;
  input?: Uint8Array | undefined;
  timeoutMs?: number | undefined;
  /** Standard output beyond this ends the process; the outcome says `truncated`. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Runs in a session of its own, so that ssh finds no terminal to ask on and the whole group can be ended. */
  network?: boolean | undefined;
  onStderr?: ((text: string) => void) | undefined;
}

export interface GitOutcome {
  /** Null when git did not run to its end. */
  exitCode: number | null;
  stdout: Buffer;
  stderr: string;
  truncated: boolean;
  timedOut: boolean;
  /** git is not installed. */
  missing: boolean;
}

/** A git call that failed although nothing in the input explains it. `message` is one line. */
export class GitFailure extends Error {
  readonly outcome: GitOutcome;
  constructor(args: readonly string[], outcome: GitOutcome) {
    super(`git ${args[0] ?? ''} failed: ${reason(outcome)}`);
    this.name = 'GitFailure';
    this.outcome = outcome;
  }
}

function reason(outcome: GitOutcome): string {
  if (outcome.missing) return 'git is not installed';
  if (outcome.timedOut) return 'it took too long';
  if (outcome.truncated) return 'it printed too much';
  const lines = outcome.stderr.split('\n').filter((line) => line.trim() !== '');
  const told = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1);
  return (told ?? `exit code ${outcome.exitCode ?? 'none'}`).slice(0, 500);
}

/** Runs git with a safe environment. Both functions reject with the signal's reason when aborted. */
export interface Git {
  /** Never throws for a failure of git. */
  run(call: GitCall): Promise<GitOutcome>;
  /** Standard output; throws `GitFailure` unless the exit code is 0 and the output whole. */
  output(call: GitCall): Promise<Buffer>;
  /** Standard output as text without its last newline. */
  text(call: GitCall): Promise<string>;
}

export function createGit(env: NodeJS.ProcessEnv): Git {
  const run = (call: GitCall): Promise<GitOutcome> => runGit(env, call);
  const output = async (call: GitCall): Promise<Buffer> => {
    const outcome = await run(call);
    if (outcome.exitCode !== 0 || outcome.truncated) throw new GitFailure(call.args, outcome);
    return outcome.stdout;
  };
  const text = async (call: GitCall): Promise<string> => {
    const whole = (await output(call)).toString('utf8');
    return whole.endsWith('\n') ? whole.slice(0, -1) : whole;
  };
  return { run, output, text };
}

async function runGit(env: NodeJS.ProcessEnv, call: GitCall): Promise<GitOutcome> {
  call.signal?.throwIfAborted();
  const ownGroup = call.network === true && process.platform !== 'win32';
  const child = execa('git', call.args, {
    cwd: call.cwd,
    env: gitEnvironment(env, call),
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    windowsHide: true,
    timeout: call.timeoutMs ?? defaultTimeoutMs,
    maxBuffer: { stdout: call.maxBytes ?? defaultMaxBytes, stderr: maxStderrBytes },
    detached: ownGroup,
    ...(call.input === undefined ? { stdin: 'ignore' as const } : { input: call.input }),
    ...(call.signal === undefined ? {} : { cancelSignal: call.signal }),
  });
  if (call.onStderr) child.stderr.on('data', (chunk: Buffer) => call.onStderr?.(chunk.toString('utf8')));
  // At its exit, not at the end of its output: a helper that waits for a server holds the output open.
  if (ownGroup)
    child.nodeChildProcess.once('exit', (_, endedBy) => (endedBy === null ? undefined : endGroup(child.pid)));
  const result = await child;
  call.signal?.throwIfAborted();
  return {
    exitCode: result.exitCode ?? null,
    stdout: Buffer.from(result.stdout),
    stderr: Buffer.from(result.stderr).toString('utf8'),
    truncated: result.isMaxBuffer,
    timedOut: result.timedOut,
    missing: result.code === 'ENOENT' && result.exitCode === undefined,
  };
}

/** Ends what git started and left: its transport helpers and ssh. */
function endGroup(groupId: number | undefined): void {
  if (groupId === undefined) return;
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}

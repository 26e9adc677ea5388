import type { Result } from '../../../shared/errors.ts';

export interface SandboxLimits {
  memoryMb: number;
  cpus: number;
  pids: number;
}

export interface SandboxSpec {
  jobId: string;
  purpose: 'work' | 'baseline' | 'verification';
  /** Host folder mounted read-write at `workdir`. Its `.git` entry is mounted read-only, or hidden. */
  worktree: string;
  image: string;
  /** Absolute path inside the container. */
  workdir: string;
  limits: SandboxLimits;
}

export interface ExecOptions {
  timeoutMs: number;
  /** Streamed output as it comes, decoded as UTF-8 across chunk borders; not redacted. */
  onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** The whole output goes here, up to 64 MiB; not redacted, mode 0600. */
  logPath?: string;
  signal: AbortSignal;
}

export interface ExecResult {
  /** Null when it was ended by us. */
  exitCode: number | null;
  /** Head and tail, at most 64 KiB each stream, with a line in between that says how much was cut. */
  stdout: string;
  stderr: string;
  timedOut: boolean;
  outOfMemory: boolean;
  truncated: boolean;
  durationMs: number;
}

/** Why a sandbox cannot be had. `message` says what to do about it. */
export interface SandboxError {
  kind:
    | 'engine_missing'
    | 'engine_stopped'
    | 'permission'
    | 'image_missing'
    | 'disk_full'
    | 'canceled'
    | 'failed';
  message: string;
}

/** One running container. `close` is idempotent and never throws. */
export interface SandboxSession {
  containerId: string;
  /** Runs one shell line with `sh -c`; when it returns, none of its processes is left. */
  exec(commandLine: string, options: ExecOptions): Promise<Result<ExecResult, SandboxError>>;
  close(): Promise<void>;
}

export interface Sandbox {
  /** Is an engine there. At most 5 s. */
  probe(signal: AbortSignal): Promise<Result<{ version: string; imagePresent: boolean }, SandboxError>>;
  /**
   * Removes what is left of this job's containers, pulls the image if it is missing (progress in whole lines),
   * creates and starts one container.
   */
  open(
    spec: SandboxSpec,
    onProgress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Result<SandboxSession, SandboxError>>;
  /** Removes containers of this data folder whose job is not in `keep`; returns how many. Never throws. */
  reap(keep: ReadonlySet<string>): Promise<number>;
  /** The `docker` command line that stands for running `commandLine` under `spec`: for the audit and dry runs. */
  describe(spec: SandboxSpec, commandLine: string): string[];
}

/** The whole outputs of commands on disk, redacted; one file a run, in a folder a job. */
export interface CommandOutputs {
  /** `path` takes the raw stream while the command runs; `keep` leaves the redacted copy and removes the raw one. */
  begin(jobId: string, runId: string): { path: string; keep(): Promise<void> };
  /** Removes raw streams that a killed process left of jobs not in `keep`. Never throws. */
  sweep(keep: ReadonlySet<string>): Promise<void>;
  /** Removes all that is kept of the jobs for which `isExpired`. Never throws. */
  expire(isExpired: (jobId: string) => boolean): Promise<void>;
  /** Removes whole jobs, the oldest first, until all take at most `maxBytes`; those that are held stay. Never throws. */
  trim(maxBytes: number, isHeld: (jobId: string) => boolean): Promise<void>;
}

export interface CommandPolicy {
  /** Null when allowed, else the reason, written for the model that asked. */
  refuse(commandLine: string): string | null;
}

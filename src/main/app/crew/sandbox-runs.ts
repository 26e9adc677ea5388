import { cutMiddle } from '../../domain/cut-text.ts';
import type { AuditEntry, SandboxRunRow } from '../ports/store.ts';
import type { ExecResult, SandboxSpec } from '../ports/sandbox.ts';
import type { JobRun } from './engine.ts';

export function sandboxSpec(run: JobRun, worktree: string, purpose: SandboxSpec['purpose']): SandboxSpec {
  const settings = run.settings();
  return {
    jobId: run.jobId,
    purpose,
    worktree,
    image: settings.docker_image,
    workdir: settings.docker_workdir,
    limits: {
      memoryMb: settings.sandbox_memory_mb,
      cpus: settings.sandbox_cpus,
      pids: settings.sandbox_pids,
    },
  };
}

/** A result whose output is redacted; as a whole, because half a secret that was cut is not recognised. */
export async function redactedResult(run: JobRun, result: ExecResult): Promise<ExecResult> {
  const [stdout, stderr] = [await run.redactor.text(result.stdout), await run.redactor.text(result.stderr)];
  return { ...result, stdout, stderr };
}

/**
 * `tool_call/sandbox_run` of compatibility.md §3; a null result is a command that was recorded, not run. The result must
 * be redacted.
 */
export function sandboxRunAudit(
  run: JobRun,
  spec: SandboxSpec,
  command: string,
  result: ExecResult | null,
  targetRepo: string,
): AuditEntry {
  return {
    at: new Date(run.clock.now()).toISOString(),
    job_id: run.jobId,
    category: 'tool_call',
    action: 'sandbox_run',
    metadata: {
      command: run.sandbox.describe(spec, command),
      returncode: result ? result.exitCode : 0,
      stdout: cutMiddle(result?.stdout ?? '', 4096),
      stderr: cutMiddle(result?.stderr ?? '', 4096),
      duration_ms: result?.durationMs ?? 0,
      sandbox: { image: spec.image, purpose: spec.purpose, dry_run: result === null, network: 'none' },
      target_repo: targetRepo,
    },
  };
}

/** The row of a run; `output` must be redacted. */
export function sandboxRunRow(
  run: JobRun,
  purpose: SandboxRunRow['purpose'],
  command: string,
  result: ExecResult,
  output: string,
): Omit<SandboxRunRow, 'atMs'> {
  return {
    runId: run.ids.uuid(),
    jobId: run.jobId,
    purpose,
    command,
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    durationMs: result.durationMs,
    output: cutMiddle(output, 16_384),
  };
}

/** Standard output and error as one text for a model or a person, with how it ended. */
export function outputText(result: ExecResult): string {
  const parts = [result.stdout.trimEnd(), result.stderr.trimEnd()].filter((part) => part !== '');
  return parts.join('\n');
}

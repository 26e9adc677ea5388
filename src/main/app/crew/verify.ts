import type { TestRun, Verification } from '../../../shared/report.ts';
import { cutMiddle } from '../../domain/cut-text.ts';
import type { ExecResult, SandboxSession, SandboxSpec } from '../ports/sandbox.ts';
import type { SandboxRunRow, AuditEntry } from '../ports/store.ts';
import type { WorkspaceHandle } from '../ports/workspace.ts';
import { JobFailed, JobStopped, type JobRun } from './engine.ts';
import { outputText, redactedResult, sandboxRunAudit, sandboxRunRow, sandboxSpec } from './sandbox-runs.ts';
import { openSandbox } from './work-sandbox.ts';

/** What a verification leaves: the result, and what is to be stored beside it in the same commit. */
export interface Verified {
  result: Verification;
  rows: Omit<SandboxRunRow, 'atMs'>[];
  audit: AuditEntry[];
}

/**
 * The host runs the test matrix on the plain files of a commit in a fresh container without a network
 * (design.md §2, step 5). The crew has no hand in it.
 */
export async function verifyCommit(
  run: JobRun,
  handle: WorkspaceHandle,
  commit: string,
  commands: readonly string[],
  purpose: 'baseline' | 'verification',
): Promise<Verified> {
  if (commands.length === 0) return { result: { commit, passed: true, runs: [] }, rows: [], audit: [] };
  await run.workspace.ensureRoom(handle);
  const folder = await run.workspace.exportCommit(handle, commit, purpose);
  const spec = sandboxSpec(run, folder, purpose);
  let session: SandboxSession | null = null;
  try {
    session = await openSandbox(run, spec);
    const verified: Verified = { result: { commit, passed: true, runs: [] }, rows: [], audit: [] };
    for (const command of commands) {
      await runTest(run, session, spec, command, verified);
      // A test that fails for want of space says nothing of the result: it is run again once there is room.
      if (verified.result.runs.at(-1)?.passed === false) await run.workspace.ensureRoom(handle);
    }
    verified.result.passed = verified.result.runs.every((test) => test.passed);
    return verified;
  } finally {
    await session?.close();
    await run.workspace.removeExport(folder);
  }
}

async function runTest(
  run: JobRun,
  session: SandboxSession,
  spec: SandboxSpec,
  command: string,
  into: Verified,
): Promise<void> {
  const refused = run.policy.refuse(command);
  if (refused !== null) throw new JobFailed(`test command refused by policy: ${refused}`);
  const timeoutMs = run.settings().command_timeout_seconds * 1000;
  const executed = await session.exec(command, { timeoutMs, signal: run.signal });
  if (run.signal.aborted) throw new JobStopped('the run was stopped');
  if (!executed.ok) throw new JobFailed(`sandbox: ${executed.error.message}`);
  const result = await redactedResult(run, executed.value);
  const output = outputText(result);
  const purpose = spec.purpose === 'baseline' ? 'baseline' : 'verification';
  into.result.runs.push(testRun(command, result, output));
  into.rows.push(sandboxRunRow(run, purpose, command, result, output));
  into.audit.push(sandboxRunAudit(run, spec, command, result, run.job().repo));
}

function testRun(command: string, result: ExecResult, output: string): TestRun {
  return {
    command,
    exit_code: result.exitCode,
    passed: result.exitCode === 0,
    timed_out: result.timedOut,
    duration_ms: result.durationMs,
    output: cutMiddle(output, 16_384),
  };
}

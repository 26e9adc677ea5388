import { toolCallBudget } from '../../domain/budgets.ts';
import type { ExecResult } from '../ports/sandbox.ts';
import { JobFailed, JobStopped, type JobRun } from './engine.ts';
import type { AgentSpec } from './run-agent.ts';
import type { ToolAnswer } from './run-call.ts';
import { outputText, redactedResult, sandboxRunAudit, sandboxRunRow } from './sandbox-runs.ts';

/** `run_command`: policy first, then the budget, then the job's container. */
export async function runCommandTool(
  run: JobRun,
  agent: AgentSpec,
  input: { command: string; timeout_seconds?: number | undefined },
): Promise<ToolAnswer> {
  const sandbox = agent.toolContext.sandbox;
  if (!sandbox) return { ok: false, output: 'You may only read.' };
  const reason = run.policy.refuse(input.command);
  if (reason !== null) return refusedByPolicy(run, agent, input.command, reason);
  const budget = toolCallBudget(run.job());
  if (!budget.ok) throw new JobFailed(budget.error.message);
  const session = await sandbox.session();
  const limit = run.settings().command_timeout_seconds;
  const output = run.outputs.begin(run.jobId, run.ids.uuid());
  const executed = await session.exec(input.command, {
    timeoutMs: Math.min(input.timeout_seconds ?? limit, limit) * 1000,
    logPath: output.path,
    signal: run.signal,
  });
  await output.keep();
  if (run.signal.aborted) throw new JobStopped('the run was stopped');
  if (!executed.ok) throw new JobFailed(`sandbox: ${executed.error.message}`);
  const command = await run.redactor.text(input.command);
  return answerOf(run, sandbox.spec, command, await redactedResult(run, executed.value));
}

/** `command` and `result` are redacted. */
function answerOf(
  run: JobRun,
  spec: Parameters<typeof sandboxRunAudit>[1],
  command: string,
  result: ExecResult,
): ToolAnswer {
  const output = outputText(result);
  const row = sandboxRunRow(run, 'work', command, result, output);
  return {
    ok: result.exitCode === 0,
    output: `${ending(result)}\n${output}`.trimEnd(),
    sandboxRun: true,
    durationMs: result.durationMs,
    options: {
      audit: [sandboxRunAudit(run, spec, command, result, run.job().repo)],
      also: (tables, _, atMs) => tables.sandboxRuns.insert({ ...row, atMs }),
    },
  };
}

function ending(result: ExecResult): string {
  if (result.timedOut) return 'ended: the time limit was reached';
  if (result.outOfMemory) return 'ended: out of memory';
  return `exit code ${result.exitCode}`;
}

function refusedByPolicy(run: JobRun, agent: AgentSpec, command: string, reason: string): ToolAnswer {
  return {
    ok: false,
    output: `Refused by policy: ${reason}`,
    options: {
      audit: [
        {
          at: new Date(run.clock.now()).toISOString(),
          job_id: run.jobId,
          category: 'policy',
          action: 'refused',
          metadata: { command, reason, agent: agent.key },
        },
      ],
    },
  };
}

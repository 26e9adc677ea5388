import type { Evidence } from '../../../shared/report.ts';
import { buildReport, weakenedTests } from '../../domain/evidence.ts';
import { usdOf } from '../../domain/price.ts';
import { executeDry, reportDry } from './dry-run.ts';
import { JobFailed, JobStopped, JobWaits, type JobRun } from './engine.ts';
import { executeLive, fixLive } from './execute-live.ts';
import { baselineFact, contextFact, snapshotFact, verificationFact, workspaceFact } from './facts.ts';
import { planLive } from './plan-live.ts';
import { createProgress } from './progress.ts';
import type { Phases } from './run-job.ts';

/** Live jobs, and plan-only ones: those plan for real and execute nothing. */
export const livePhases: Phases = {
  received: async (run) => void (await run.commit([{ type: 'collect_context' }])),
  context_collecting: collectContext,
  planning: planLive,
  awaiting_plan_approval: passGate,
  executing: (run) => (run.job().mode === 'live' ? executeLive(run) : executeDry(run)),
  auto_fixing: fixLive,
  reporting: (run) => (run.job().mode === 'live' ? reportLive(run) : reportDry(run)),
};

async function collectContext(run: JobRun): Promise<void> {
  const job = run.job();
  const progress = createProgress(run);
  const prepared = await run.workspace.prepare(job, progress.tell, run.signal);
  await progress.settled();
  if (run.signal.aborted) throw new JobStopped('the run was stopped');
  if (!prepared.ok) throw new JobFailed(prepared.error.message);
  const handle = prepared.value;
  const context = await run.redactor.value(await run.workspace.collectContext(handle, run.signal));
  await run.commit(
    [
      {
        type: 'record',
        message: `Worktree ready: ${context.fileCount} files`,
        detail: {
          event_type: 'workspace_ready',
          base_commit: handle.baseCommit,
          file_count: context.fileCount,
        },
      },
      { type: 'start_planning' },
    ],
    {
      also: (tables) => {
        workspaceFact.set(tables, run.jobId, handle);
        contextFact.set(tables, run.jobId, context);
      },
    },
  );
}

/** With automatic approval on; else off the queue until a person decides. */
async function passGate(run: JobRun): Promise<void> {
  if (run.job().approval === 'auto') {
    await run.commit([{ type: 'approve', by: 'automatic' }]);
    return;
  }
  await run.commit([], {
    also: (tables, job) => (job.waitingFor === null ? undefined : tables.queue.remove(job.jobId)),
  });
  throw new JobWaits('the plan waits for approval');
}

/** Commits the result, writes the report with its evidence, and ends the job by what the host's tests say. */
async function reportLive(run: JobRun): Promise<void> {
  const { tables } = run.store;
  const handle = workspaceFact.get(tables, run.jobId);
  const snapshot = snapshotFact.get(tables, run.jobId);
  const plan = tables.plans.get(run.jobId, run.job().approvedPlanVersion)?.plan;
  if (!handle || !snapshot || !plan) throw new Error('reporting without a workspace, a snapshot or a plan');
  const message = `${plan.pr.title}\n\n${plan.pr.body}`.trim();
  const committed = await run.workspace.commit(handle, snapshot.tree, message);
  if (!committed.ok) throw new JobFailed(committed.error.message);
  const commit = committed.value?.commit ?? null;
  if (commit !== null && run.job().headCommit !== commit) {
    const detail = { event_type: 'committed', commit, branch: handle.workBranch } as const;
    await run.commit([
      { type: 'record', message: `Committed ${commit.slice(0, 8)} on ${handle.workBranch}`, detail },
    ]);
  }
  const evidence = await collectEvidence(run, commit);
  const taskFailures = tables.tasks
    .ofJob(run.jobId)
    .filter((task) => task.status === 'failed')
    .map((task) => `Task ${task.taskId}: ${task.summary}`);
  const report = await run.redactor.value(
    buildReport({ plan, evidence, taskFailures, workBranch: handle.workBranch, changed: commit !== null }),
  );
  const verified = evidence.tests_after?.passed === true;
  // Tests that ran on what was there before prove nothing of a task that did not end properly.
  const tested = commit !== null && (evidence.tests_after?.runs.length ?? 0) > 0;
  const unproven = taskFailures.length > 0 && !tested;
  if (!verified || unproven) {
    await run.store.commit((inner) => inner.reports.save(run.jobId, report, run.clock.now()));
    throw new JobFailed(report.failures[0] ?? 'the result was not verified');
  }
  await run.commit([{ type: 'complete', failures: report.failures.length }], {
    also: (inner, _, atMs) => inner.reports.save(run.jobId, report, atMs),
  });
}

async function collectEvidence(run: JobRun, commit: string | null): Promise<Evidence> {
  const { tables } = run.store;
  const job = run.job();
  const handle = workspaceFact.get(tables, run.jobId);
  const changes = handle && commit !== null ? await run.workspace.diff(handle, commit, 0) : null;
  const usage = tables.usage.ofJob(run.jobId);
  return {
    base_commit: job.baseCommit,
    head_commit: commit,
    tests_before: baselineFact.get(tables, run.jobId),
    tests_after: verificationFact(job.autoFixRounds).get(tables, run.jobId),
    tests_removed_or_weakened: weakenedTests(changes?.files ?? []),
    commands_run: tables.sandboxRuns
      .ofJob(run.jobId)
      .filter((row) => row.purpose === 'work')
      .map((row) => ({ command: row.command, exit_code: row.exitCode, duration_ms: row.durationMs })),
    auto_fix_rounds: job.autoFixRounds,
    model_calls: usage.calls,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cost_usd: usdOf(usage.costMicros),
    unpriced_calls: usage.unpricedCalls,
    duration_ms: run.clock.now() - job.createdAtMs,
  };
}

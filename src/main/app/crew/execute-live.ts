import type { Plan, PlanTask } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/roles.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import { taskOrder } from '../../domain/plan-graph.ts';
import { fixPrompt, systemPrompt, taskPrompt } from '../../domain/prompts.ts';
import { allTools } from '../../domain/tools.ts';
import type { CommitOptions } from '../journal.ts';
import type { Tables } from '../ports/store.ts';
import type { RepoContext, WorkspaceHandle } from '../ports/workspace.ts';
import { step } from './dry-run.ts';
import { JobStopped, type JobRun } from './engine.ts';
import { baselineFact, contextFact, snapshotFact, verificationFact, workspaceFact } from './facts.ts';
import { runAgent, type AgentEnd } from './run-agent.ts';
import type { ToolContext } from './run-call.ts';
import { sandboxSpec } from './sandbox-runs.ts';
import { unfinishedEscalation } from './unfinished.ts';
import { verifyCommit, type Verified } from './verify.ts';
import { createWorkSandbox } from './work-sandbox.ts';

const taskSteps = 60;
/** compatibility.md §2, policies. */
export const maxFixRounds = 5;

interface Work {
  handle: WorkspaceHandle;
  context: RepoContext;
  plan: Plan;
  tools: ToolContext;
}

/** Baseline, tasks in order, verification; then to the report, or into another auto-fix round. */
export async function executeLive(run: JobRun): Promise<void> {
  await withWork(run, async (work) => {
    await ensureBaseline(run, work);
    await runTasks(run, work);
    await work.tools.sandbox?.close();
    const snapshot = await ensureSnapshot(run, work);
    const round = run.job().autoFixRounds;
    const known = verificationFact(round).get(run.store.tables, run.jobId);
    const result =
      known?.commit === snapshot.commit ? known : await verifyRound(run, work, snapshot.commit, round);
    const reason = nextFix(run, round, snapshot.commit, result.passed);
    if (reason !== null) await run.commit([{ type: 'begin_fix', reason }]);
    else
      await run.commit([
        step('execution', 'completed', { passed: result.passed }),
        { type: 'begin_reporting' },
      ]);
  });
}

/** One round of mending by the owner of the plan's last task, told exactly what failed. */
export async function fixLive(run: JobRun): Promise<void> {
  await withWork(run, async (work) => {
    const job = run.job();
    const round = job.autoFixRounds;
    const failed =
      verificationFact(round - 1)
        .get(run.store.tables, run.jobId)
        ?.runs.filter((test) => !test.passed) ?? [];
    const owner = taskOrder(work.plan).at(-1)?.owner_agent ?? 'backend';
    const prompt = fixPrompt(job.goal, work.plan, failed, round);
    const end = await runWriter(run, work, { key: `fix:${round}`, role: owner, taskId: null, prompt });
    await work.tools.sandbox?.close();
    const told =
      end.outcome === 'finished'
        ? null
        : unfinishedEscalation(run, `Auto-fix round ${round}`, end, { round });
    const commands: JobCommand[] = [...(told ? [told.event] : []), { type: 'resume_execution' }];
    const options = told ? { escalation: told.escalation } : {};
    // Without a new snapshot the next verification sees that nothing changed.
    if (await presentSnapshot(run, work)) await run.commit(commands, options);
    else await takeSnapshot(run, work, `auto-fix round ${round}`, commands, options);
  });
}

/** Null when there is nothing left to mend or no use in trying: the last round changed nothing, or it was the fifth. */
function nextFix(run: JobRun, round: number, commit: string, passed: boolean): string | null {
  if (passed || round >= maxFixRounds) return null;
  const before = round > 0 ? verificationFact(round - 1).get(run.store.tables, run.jobId) : null;
  return before?.commit === commit ? null : 'Tests failed on the result';
}

async function withWork(run: JobRun, act: (work: Work) => Promise<void>): Promise<void> {
  const { tables } = run.store;
  const handle = workspaceFact.get(tables, run.jobId);
  const context = contextFact.get(tables, run.jobId);
  const plan = tables.plans.get(run.jobId, run.job().approvedPlanVersion)?.plan;
  if (!handle || !context || !plan) throw new Error('executing without a workspace or a plan');
  const sandbox = createWorkSandbox(run, sandboxSpec(run, handle.worktree, 'work'));
  const tools: ToolContext = {
    files: run.openFiles(handle.worktree),
    sandbox,
    ...rememberTree(run, handle),
  };
  try {
    await act({ handle, context, plan, tools });
  } finally {
    await sandbox.close();
  }
}

function rememberTree(
  run: JobRun,
  handle: WorkspaceHandle,
): Pick<ToolContext, 'tree' | 'changed' | 'restore' | 'ensureRoom'> {
  let known: string | null = null;
  return {
    tree: async () => (known ??= await run.workspace.tree(handle)),
    changed: () => {
      known = null;
    },
    restore: async (tree, options) => {
      known = null;
      await run.workspace.restore(handle, tree, options);
    },
    ensureRoom: () => run.workspace.ensureRoom(handle),
  };
}

async function ensureBaseline(run: JobRun, work: Work): Promise<void> {
  if (baselineFact.get(run.store.tables, run.jobId)) return;
  const verified = await verifyCommit(
    run,
    work.handle,
    work.handle.baseCommit,
    work.plan.test_matrix,
    'baseline',
  );
  await run.commit([verificationEvent(verified, 'base', 0)], {
    audit: verified.audit,
    also: (tables, _, atMs) => {
      baselineFact.set(tables, run.jobId, verified.result);
      verified.rows.forEach((row) => tables.sandboxRuns.insert({ ...row, atMs }));
    },
  });
}

async function verifyRound(run: JobRun, work: Work, commit: string, round: number) {
  const verified = await verifyCommit(run, work.handle, commit, work.plan.test_matrix, 'verification');
  await run.commit([verificationEvent(verified, 'result', round)], {
    audit: verified.audit,
    also: (tables, _, atMs) => {
      verificationFact(round).set(tables, run.jobId, verified.result);
      verified.rows.forEach((row) => tables.sandboxRuns.insert({ ...row, atMs }));
    },
  });
  return verified.result;
}

function verificationEvent(verified: Verified, on: 'base' | 'result', round: number): JobCommand {
  const { result } = verified;
  const passed = result.runs.filter((test) => test.passed).length;
  const where = on === 'base' ? 'before the change' : 'on the result';
  return {
    type: 'record',
    message:
      result.runs.length === 0
        ? 'No test to run'
        : `${passed} of ${result.runs.length} test commands passed ${where}`,
    detail: { event_type: 'verification', on, round, result },
  };
}

async function runTasks(run: JobRun, work: Work): Promise<void> {
  for (const task of taskOrder(work.plan)) {
    const rows = new Map(run.store.tables.tasks.ofJob(run.jobId).map((row) => [row.taskId, row.status]));
    const status = rows.get(task.id) ?? 'pending';
    if (status === 'done' || status === 'failed') continue;
    if (task.depends_on.some((id) => rows.get(id) === 'failed')) {
      await run.commit([taskEvent(task, 'failed', 'A task it depends on failed')], {
        also: (tables) => setTask(tables, run.jobId, task.id, 'failed', 'A task it depends on failed'),
      });
      continue;
    }
    if (status === 'pending') {
      await run.commit([taskEvent(task, 'started', '')], {
        also: (tables) => setTask(tables, run.jobId, task.id, 'running', ''),
      });
    }
    await runTask(run, work, task);
  }
}

async function runTask(run: JobRun, work: Work, task: PlanTask): Promise<void> {
  const prompt = taskPrompt(run.job().goal, work.plan, task, work.context);
  const end = await runWriter(run, work, {
    key: `task:${task.id}`,
    role: task.owner_agent,
    taskId: task.id,
    prompt,
  });
  const done = end.outcome === 'finished';
  const told = done ? null : unfinishedEscalation(run, `Task ${task.id}`, end, { task_id: task.id });
  const commands = [
    taskEvent(task, done ? 'finished' : 'failed', end.summary),
    ...(told ? [told.event] : []),
  ];
  await takeSnapshot(run, work, `task ${task.id}`, commands, {
    ...(told ? { escalation: told.escalation } : {}),
    also: (tables) => setTask(tables, run.jobId, task.id, done ? 'done' : 'failed', end.summary),
  });
}

function runWriter(
  run: JobRun,
  work: Work,
  agent: { key: string; role: Role; taskId: string | null; prompt: string },
): Promise<AgentEnd> {
  return runAgent(run, {
    ...agent,
    model: run.job().model,
    system: systemPrompt(agent.role, 'execute'),
    tools: allTools,
    limits: { maxSteps: taskSteps, textEnds: false },
    toolContext: work.tools,
  });
}

/** The newest snapshot if it holds the present tree, else a new one. */
async function ensureSnapshot(run: JobRun, work: Work): Promise<{ commit: string; tree: string }> {
  return (await presentSnapshot(run, work)) ?? takeSnapshot(run, work, 'before verification', []);
}

/** The newest snapshot where the worktree is still as it was then, else null. */
async function presentSnapshot(run: JobRun, work: Work): Promise<{ commit: string; tree: string } | null> {
  const last = snapshotFact.get(run.store.tables, run.jobId);
  return last && last.tree === (await run.workspace.tree(work.handle)) ? last : null;
}

async function takeSnapshot(
  run: JobRun,
  work: Work,
  what: string,
  commands: readonly JobCommand[],
  options: Omit<CommitOptions, 'owner'> = {},
): Promise<{ commit: string; tree: string }> {
  const number = run.job().snapshots + 1;
  if (run.signal.aborted) throw new JobStopped('the run was stopped');
  const { ref, commit, tree } = await run.workspace.snapshot(work.handle, number, `Dev Crew: ${what}`);
  const detail = { event_type: 'snapshot', number, ref, commit } as const;
  await run.commit([{ type: 'record', message: `Snapshot ${number}: ${what}`, detail }, ...commands], {
    ...options,
    also: (tables, job, atMs) => {
      snapshotFact.set(tables, run.jobId, { commit, tree });
      options.also?.(tables, job, atMs);
    },
  });
  return { commit, tree };
}

function taskEvent(task: PlanTask, status: 'started' | 'finished' | 'failed', summary: string): JobCommand {
  return {
    type: 'record',
    message: `Task ${task.id} ${status}: ${task.title}`,
    detail: {
      event_type: 'task_status',
      task_id: task.id,
      title: task.title,
      owner_agent: task.owner_agent,
      status,
      summary,
    },
  };
}

function setTask(
  tables: Tables,
  jobId: string,
  taskId: string,
  status: 'running' | 'done' | 'failed',
  summary: string,
): void {
  tables.tasks.upsert({ jobId, taskId, status, summary });
}

import { specialists, type Role } from '../../../shared/roles.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Report } from '../../../shared/report.ts';
import { toolCallBudget } from '../../domain/budgets.ts';
import type { JobCommand } from '../../domain/job-machine.ts';
import { firstLine } from '../../domain/cut-text.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import { JobFailed, type JobRun } from './engine.ts';
import type { Phases } from './run-job.ts';
import { sandboxRunAudit, sandboxSpec } from './sandbox-runs.ts';

/**
 * A dry run (design.md §2): the crew is declared, nothing is called, nothing is executed, no repository is needed.
 * It makes exactly the events of compatibility.md §2.
 */
export const dryPhases: Phases = {
  received: async (run) => void (await run.commit([{ type: 'collect_context' }])),
  context_collecting: async (run) =>
    void (await run.commit([{ type: 'start_planning' }, step('pan_out', 'started', { roles: specialists })])),
  planning: async (run) => void (await declareCrew(run)),
  awaiting_plan_approval: async (run) => void (await run.commit([{ type: 'approve', by: 'automatic' }])),
  executing: executeDry,
  auto_fixing: async (run) => void (await run.commit([{ type: 'resume_execution' }])),
  reporting: reportDry,
};

type WorkflowStep = 'pan_out' | 'pan_in' | 'aggregation' | 'execution';

export function step(
  name: WorkflowStep,
  phase: 'started' | 'completed',
  details: Record<string, unknown> = {},
): JobCommand {
  return {
    type: 'record',
    message: `${name.replace('_', '-')} ${phase}`,
    detail: { event_type: 'workflow_step', step: name, phase, details },
  };
}

/** What one member of the crew decided, as the timeline and the audit show it. */
export function decision(role: Role, phase: 'pan_out' | 'pan_in', text: string): JobCommand {
  return {
    type: 'record',
    message: `${role}: ${firstLine(text, 200)}`,
    detail: {
      event_type: 'agent_decision',
      agent_role: role,
      task_name: phase === 'pan_out' ? `study:${role}` : 'plan',
      phase,
      decision: text,
      async_execution: phase === 'pan_out',
    },
  };
}

async function declareCrew(run: JobRun): Promise<void> {
  const plan = dryPlan(run.known());
  await run.commit(
    [
      ...specialists.map((role) => decision(role, 'pan_out', 'Dry run: declared, not called')),
      step('pan_out', 'completed', { roles: specialists }),
      decision('leader', 'pan_in', 'Dry run: declared, not called'),
      step('pan_in', 'completed'),
      step('aggregation', 'completed', { task_count: plan.tasks.length }),
      { type: 'submit_plan', taskCount: plan.tasks.length },
    ],
    {
      audit: [orchestration(run, 'dry_run', specialists)],
      also: (tables, _, atMs) => tables.plans.insert(run.jobId, 1, plan, atMs),
    },
  );
}

/** The audit's record that the crew was called together (compatibility.md §3). */
export function orchestration(run: JobRun, mode: string, roles: readonly Role[]) {
  const { model, managerModel } = run.known();
  return {
    at: new Date(run.clock.now()).toISOString(),
    job_id: run.jobId,
    category: 'crewai' as const,
    action: 'orchestration',
    metadata: { mode, roles, model, manager_model: managerModel },
  };
}

/** Shared by plan-only jobs: the command is recorded, not run. */
export async function executeDry(run: JobRun): Promise<void> {
  const budget = toolCallBudget(run.known());
  if (!budget.ok) throw new JobFailed(budget.error.message);
  const command = run.settings().docker_image.startsWith('python') ? 'pytest -q' : 'npm test';
  const spec = sandboxSpec(run, run.known().repo, 'work');
  const row = {
    runId: run.ids.uuid(),
    jobId: run.jobId,
    purpose: 'dry_run' as const,
    command,
    exitCode: 0,
    timedOut: false,
  };
  await run.commit(
    [step('execution', 'completed', { dry_run: true, sandbox_runs: 1 }), { type: 'begin_reporting' }],
    {
      audit: [sandboxRunAudit(run, spec, command, null, run.known().repo)],
      also: (tables, _, atMs) => tables.sandboxRuns.insert({ ...row, durationMs: 0, output: '', atMs }),
    },
  );
}

export async function reportDry(run: JobRun): Promise<void> {
  const report: Report = {
    run_summary: `Dry run of "${firstLine(run.known().goal, 200)}": nothing was executed and nothing was changed.`,
    links: [],
    failures: [],
    next_actions: ['Create the job as live once a model and a sandbox are ready'],
    evidence: null,
  };
  await run.commit([{ type: 'complete' }], {
    also: (tables, job, atMs) => {
      tables.reports.save(run.jobId, report, atMs);
      if (job.mode === 'dry_run') tables.queue.remove(run.jobId);
    },
  });
}

function dryPlan(job: JobRecord): Plan {
  return {
    tasks: [
      {
        id: 't1',
        title: firstLine(job.goal, 200),
        owner_agent: 'backend',
        depends_on: [],
        acceptance_criteria: [],
      },
      {
        id: 't2',
        title: 'Verify the result',
        owner_agent: 'qa engineer',
        depends_on: ['t1'],
        acceptance_criteria: [],
      },
    ],
    files_to_change: [],
    commands: [],
    test_matrix: [],
    pr: { title: firstLine(job.goal, 72), body: '' },
    risks: [],
    approvals: { requires_plan_approval: true },
  };
}

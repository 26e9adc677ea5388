import type { Evidence, Report, Verification } from '../../shared/report.ts';
import type { Plan } from '../../shared/plan.ts';

const testPath = /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+\.py$/i;

/** Test files that a result removes, or takes more lines from than it adds: a reason for a person to look. */
export function weakenedTests(
  files: readonly { path: string; additions: number; deletions: number }[],
): string[] {
  return files
    .filter((file) => testPath.test(file.path) && file.deletions > file.additions)
    .map((file) => file.path);
}

/**
 * The report of a job that was carried out. It claims success only where the host's own run of the tests shows it;
 * everything else stands under failures or next actions.
 */
export function buildReport(input: {
  plan: Plan;
  evidence: Evidence;
  taskFailures: readonly string[];
  workBranch: string;
  changed: boolean;
}): Report {
  const { evidence } = input;
  const after = evidence.tests_after;
  const failures = [
    ...input.taskFailures,
    ...failedRuns(after).map((run) => `Test failed: ${run}`),
    ...evidence.tests_removed_or_weakened.map((path) => `Tests removed or shortened: ${path}`),
  ];
  return {
    run_summary: summary(input, after),
    links: [],
    failures,
    next_actions: nextActions(input, after),
    evidence,
  };
}

function failedRuns(verification: Verification | null): string[] {
  return (verification?.runs ?? []).filter((run) => !run.passed).map((run) => run.command);
}

function summary(
  input: { plan: Plan; taskFailures: readonly string[]; workBranch: string; changed: boolean },
  after: Verification | null,
): string {
  const work = [
    input.changed ? `The work is on ${input.workBranch}.` : 'Nothing was changed.',
    ...unfinished(input),
  ].join(' ');
  if (!after || after.runs.length === 0)
    return `${input.plan.pr.title}. ${work} It was not verified: the plan names no test.`;
  const passed = after.runs.filter((run) => run.passed).length;
  return `${input.plan.pr.title}. ${work} ${passed} of ${after.runs.length} test commands passed when the host ran them on the result.`;
}

function unfinished({ plan, taskFailures }: { plan: Plan; taskFailures: readonly string[] }): string[] {
  const count = taskFailures.length;
  return count === 0 ? [] : [`Not finished: ${count} of ${plan.tasks.length} tasks.`];
}

function nextActions(
  input: { taskFailures: readonly string[]; workBranch: string; changed: boolean; evidence: Evidence },
  after: Verification | null,
): string[] {
  const actions: string[] = [];
  if (input.changed) actions.push(`Review the changes and merge ${input.workBranch}`);
  if (input.taskFailures.length > 0)
    actions.push(
      'Look at the tasks that were not finished: passing tests do not show that their goals are met',
    );
  if (!after || after.runs.length === 0)
    actions.push('Verify the result yourself: no test command was named');
  if (after && !after.passed)
    actions.push('Look at the failing tests, then retry the job or mend the branch by hand');
  if (input.evidence.tests_removed_or_weakened.length > 0)
    actions.push('Check the tests that were removed or shortened');
  return actions;
}

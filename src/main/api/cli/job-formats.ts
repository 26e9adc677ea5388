import type { Job } from '../../../shared/job.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import type { Evidence, Report, Verification } from '../../../shared/report.ts';
import { clean, duration, facts, oneLine, table } from './text.ts';

const local = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

export function jobList({ jobs, total, next }: OutputOf<'jobs.list'>): string {
  if (jobs.length === 0) return 'No jobs. Create one with: dev-crew jobs create "<goal>" --repo <folder>';
  const rows = jobs.map((job) => [
    job.job_id,
    job.state,
    job.waiting_for ?? '',
    job.mode,
    local(job.created_at),
    oneLine(job.goal, 60),
  ]);
  const more = next === null ? '' : `\n… ${total} in all; go on with: --before ${next}`;
  return table(['JOB', 'STATE', 'WAITS FOR', 'MODE', 'CREATED (UTC)', 'GOAL'], rows) + more;
}

export const jobDetails = (job: Job): string =>
  facts([
    ['Job', job.job_id],
    ['Goal', oneLine(job.goal, 200)],
    ['State', job.state],
    ['Waits for', job.waiting_for],
    ['Error', job.error],
    ['Mode', job.mode],
    ['Repository', job.repo],
    ['Base branch', job.base_branch],
    ['Work branch', job.work_branch],
    ['Base commit', job.base_commit],
    ['Head commit', job.head_commit],
    ['Model', job.model],
    ['Leader’s model', job.manager_model],
    ['Transitions', `${job.transitions_used} of ${job.max_state_transitions}`],
    ['Tool calls', `${job.tool_calls_used} of ${job.max_tool_calls}`],
    ['Created (UTC)', local(job.created_at)],
    ['Updated (UTC)', local(job.updated_at)],
    ['Retry of', job.retry_of],
    ['Events', job.history_count],
    ['Last event', job.last_event ? oneLine(job.last_event.message, 200) : null],
  ]);

const ofLimit = (value: string, limit: string | null): string =>
  limit === null ? `${value}, no limit` : `${value} of ${limit}`;
const usd = (amount: number): string => `$${amount.toFixed(4)}`;
const count = (tokens: number): string => tokens.toLocaleString('en-US');

export const jobSpending = (spending: OutputOf<'jobs.spending'>): string =>
  facts([
    [
      'Cost',
      ofLimit(usd(spending.spent_usd), spending.max_cost_usd === null ? null : usd(spending.max_cost_usd)),
    ],
    ['Set aside', spending.reserved_usd === 0 ? null : usd(spending.reserved_usd)],
    [
      'Tokens',
      ofLimit(count(spending.spent_tokens), spending.max_tokens === null ? null : count(spending.max_tokens)),
    ],
    ['Set aside', spending.reserved_tokens === 0 ? null : count(spending.reserved_tokens)],
    ['Calls without a known price', spending.unpriced_calls === 0 ? null : spending.unpriced_calls],
  ]);

export const jobCreated = ({ job_id, state, reused }: OutputOf<'jobs.create'>): string =>
  `${reused ? 'The same job as before' : 'Created job'} ${job_id} (${state})\nFollow it with: dev-crew jobs watch ${job_id}`;

export const jobAccepted = ({ job_id, state }: { job_id: string; state: string }): string =>
  `Job ${job_id} is ${state}`;

export function jobPlan({ version, plan, job_id }: OutputOf<'jobs.plan'>): string {
  const tasks = plan.tasks.map((task, index) => {
    const after = task.depends_on.length > 0 ? `, after ${task.depends_on.join(', ')}` : '';
    const criteria = task.acceptance_criteria.map((criterion) => `\n       - ${criterion}`).join('');
    return `  ${index + 1}. ${task.title} [${task.id}: ${task.owner_agent}${after}]${criteria}`;
  });
  return clean(
    [
      `Plan ${version} of job ${job_id}`,
      'Tasks',
      ...tasks,
      ...section('Files', plan.files_to_change),
      ...section('Commands', plan.commands),
      ...section('Tests', plan.test_matrix),
      ...section('Risks', plan.risks),
    ].join('\n'),
  );
}

export const jobDiff = ({ diff, truncated }: OutputOf<'jobs.diff'>): string =>
  diff === '' ? 'No changes' : clean(diff) + (truncated ? '\n… cut at 2 MiB; the branch has it all' : '');

export function jobReport(report: Report): string {
  const { evidence } = report;
  const lines = [
    report.run_summary,
    ...section('Links', report.links),
    ...section('Failures', report.failures),
    ...section('Next', report.next_actions),
  ];
  if (evidence) {
    lines.push('Evidence');
    lines.push(
      ...verification('before', evidence.tests_before),
      ...verification('after', evidence.tests_after),
    );
    lines.push(...evidence.tests_removed_or_weakened.map((file) => `  test removed or weakened: ${file}`));
    lines.push(
      `  ${evidence.commands_run.length} commands, ${evidence.auto_fix_rounds} auto-fix rounds, ${evidence.model_calls} model calls, ` +
        `${evidence.prompt_tokens + evidence.completion_tokens} tokens, ${costText(evidence)}, ${duration(evidence.duration_ms)}`,
    );
    if (evidence.head_commit !== null) lines.push(`  commit ${evidence.head_commit}`);
  }
  return clean(lines.join('\n'));
}

const costText = ({ cost_usd: cost, unpriced_calls: unpriced }: Evidence): string =>
  unpriced === 0 ? usd(cost) : `${usd(cost)} and ${unpriced} calls without a known price`;

const section = (title: string, items: readonly string[]): string[] =>
  items.length > 0 ? [title, ...items.map((item) => `  - ${item}`)] : [];

const verification = (when: string, result: Verification | null): string[] =>
  (result?.runs ?? []).map((run) => `  ${when}: ${run.passed ? 'passed' : 'FAILED'}  ${run.command}`);

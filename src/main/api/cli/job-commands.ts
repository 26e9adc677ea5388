import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CliContext, Command } from './context.ts';
import {
  jobAccepted,
  jobCreated,
  jobDetails,
  jobDiff,
  jobList,
  jobPlan,
  jobReport,
  jobSpending,
} from './job-formats.ts';
import { operationCommand } from './operation-command.ts';
import { jsonOption } from './options.ts';
import { watchJob } from './watch.ts';

/**
 * A repository as the engine, which runs in another folder, must get it: paths that are meant from here become
 * absolute; `owner/name` and addresses stay.
 */
export function repositoryFromHere(repo: string, cwd: string): string {
  if (repo === '~' || repo.startsWith('~/')) return join(homedir(), repo.slice(1));
  if (/^([a-z][a-z0-9+.-]*:\/\/|[^/\\]+@[^/\\]+:)/i.test(repo)) return repo;
  const path = resolve(cwd, repo);
  return /^\.{0,2}[/\\]|^\.{1,2}$/.test(repo) || existsSync(path) ? path : repo;
}

const createInput = (input: Record<string, unknown>, { cwd }: CliContext): Record<string, unknown> => ({
  ...input,
  repo: repositoryFromHere(typeof input['repo'] === 'string' ? input['repo'] : '.', cwd),
});

const create = operationCommand({
  words: ['jobs', 'create'],
  operation: 'jobs.create',
  summary: 'Create a job',
  positionals: ['goal…'],
  descriptions: {
    repo: 'A folder, owner/name on GitHub, or a git URL (default: this folder)',
    idempotency_key: 'The same key and job again give the same job',
    mode: 'dry_run calls and runs nothing, plan_only stops at the plan',
    approval: 'Whether the plan waits for a human',
    priority: 'Higher runs first',
    model: 'Model of the crew, provider/model',
    manager_model: 'Model of the leader, provider/model',
    specialists: 'Who studies the repository',
    max_state_transitions: 'Budget of state transitions',
    max_tool_calls: 'Budget of commands in the sandbox',
    max_cost_usd: 'What its model calls may cost, in US dollars',
    max_tokens: 'Tokens that its model calls may use',
  },
  adapt: createInput,
  print: jobCreated,
});

const onJob = ['job_id'];

const watch: Command = {
  words: ['jobs', 'watch'],
  summary: 'Follow a job until it ends; exit 0 when it completed',
  positionals: onJob,
  options: [jsonOption],
  run: (context, input) => watchJob(context, String(input['job_id']), input['json'] === true),
};

export const jobCommands: readonly Command[] = [
  create,
  operationCommand({
    words: ['jobs', 'list'],
    operation: 'jobs.list',
    summary: 'List jobs, newest first',
    descriptions: {
      limit: 'At most so many',
      before: 'Only jobs created before this one',
      state: 'Only jobs in this state',
      waiting: 'Only jobs that need a human',
    },
    print: jobList,
  }),
  operationCommand({
    words: ['jobs', 'show'],
    operation: 'jobs.get',
    summary: 'Show a job',
    positionals: onJob,
    print: jobDetails,
  }),
  watch,
  operationCommand({
    words: ['jobs', 'plan'],
    operation: 'jobs.plan',
    summary: 'Show the newest plan of a job',
    positionals: onJob,
    print: jobPlan,
  }),
  operationCommand({
    words: ['jobs', 'approve'],
    operation: 'jobs.approve',
    summary: 'Approve the plan of a job',
    positionals: onJob,
    descriptions: { version: 'Only if this is still the newest plan' },
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'reject'],
    operation: 'jobs.reject',
    summary: 'Reject the plan; the job ends as canceled',
    positionals: onJob,
    descriptions: { reason: 'Why' },
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'cancel'],
    operation: 'jobs.cancel',
    summary: 'Cancel a job',
    positionals: onJob,
    descriptions: { reason: 'Why' },
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'retry'],
    operation: 'jobs.retry',
    summary: 'Start a failed or canceled job again as a new one',
    positionals: onJob,
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'answer'],
    operation: 'jobs.answer',
    summary: 'Answer a question of the crew',
    positionals: ['job_id', 'escalation_id', 'answer…'],
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'spending'],
    operation: 'jobs.spending',
    summary: 'Show what a job has cost, against its limits',
    positionals: onJob,
    print: jobSpending,
  }),
  operationCommand({
    words: ['jobs', 'raise'],
    operation: 'jobs.raiseBudget',
    summary: 'Raise the limits of a job; one that waits for its budget goes on',
    positionals: onJob,
    descriptions: {
      max_cost_usd: 'What its model calls may cost, in US dollars',
      max_tokens: 'Tokens that its model calls may use',
    },
    print: jobAccepted,
  }),
  operationCommand({
    words: ['jobs', 'diff'],
    operation: 'jobs.diff',
    summary: 'Print the changes of a job',
    positionals: onJob,
    print: jobDiff,
  }),
  operationCommand({
    words: ['jobs', 'report'],
    operation: 'jobs.report',
    summary: 'Print the report of a job that ended',
    positionals: onJob,
    print: jobReport,
  }),
];

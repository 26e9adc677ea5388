import { type Result, err, fail, ok } from '../../../src/shared/errors.ts';
import { isTerminal } from '../../../src/shared/job.ts';
import {
  type OperationName,
  type OutputOf,
  type ParsedInputOf,
  operations,
} from '../../../src/shared/operations.ts';
import { type Scenario, ago, makeJob, summaryOf } from './scenario.ts';
import { accountAnswers } from './stub-accounts.ts';

export type StubCalls = { name: OperationName; input: Record<string, unknown> }[];
type Answers = { [N in OperationName]: (input: ParsedInputOf<N>, scenario: Scenario) => Result<OutputOf<N>> };

/** The answer of the stub: input is checked by the contract, actions change the scenario in one line each. */
export function answer(
  scenario: Scenario,
  calls: StubCalls,
  name: OperationName,
  input: Record<string, unknown>,
): Result<unknown> {
  const parsed = operations[name].input.safeParse(input);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => ({
      loc: ['body', ...issue.path.map(String)],
      msg: issue.message,
      type: 'value_error',
    }));
    return err({ code: 'invalid_input', message: 'The input is not valid', fields });
  }
  calls.push({ name, input });
  const act = answers[name] as (input: unknown, scenario: Scenario) => Result<unknown>;
  return act(parsed.data, scenario);
}

const notThere = (id: string): ReturnType<typeof fail> => fail('not_found', `job not found: ${id}`);
const found = <T>(value: T | undefined, id: string): Result<T> =>
  value === undefined ? notThere(id) : ok(value);

const change = (
  scenario: Scenario,
  id: string,
  some: Partial<ReturnType<typeof makeJob>>,
): Result<OutputOf<'jobs.approve'>> => {
  const job = scenario.jobs.find((each) => each.job_id === id);
  if (!job) return notThere(id);
  if (isTerminal(job.state)) return fail('invalid_state', `the job is ${job.state}`);
  Object.assign(job, some, { updated_at: new Date().toISOString() });
  return ok({ job_id: id, state: job.state });
};

const answers: Answers = {
  ...accountAnswers,
  'jobs.create'(input, scenario) {
    const same = scenario.jobs.find((job) => job.goal === input.goal && input.idempotency_key !== undefined);
    const name = `new${scenario.jobs.length}`;
    const job =
      same ??
      makeJob(name, {
        goal: input.goal,
        repo: input.repo,
        state: 'received',
        updated_at: ago(0),
        created_at: ago(0),
      });
    if (!same) scenario.jobs.unshift(job);
    return ok({ job_id: job.job_id, state: job.state, reused: same !== undefined });
  },
  'jobs.list'({ limit, before, state, waiting }, scenario) {
    const wanted = scenario.jobs.filter(
      (job) => (state === undefined || job.state === state) && (waiting !== true || job.waiting_for !== null),
    );
    const start = before === undefined ? 0 : wanted.findIndex((job) => job.job_id === before) + 1;
    const jobs = wanted.slice(start, start + limit);
    const next = start + limit < wanted.length ? (jobs.at(-1)?.job_id ?? null) : null;
    return ok({ jobs: jobs.map(summaryOf), next, total: wanted.length });
  },
  'jobs.get': ({ job_id }, { jobs }) =>
    found(
      jobs.find((job) => job.job_id === job_id),
      job_id,
    ),
  'jobs.timeline'({ job_id, limit, after, before, tail }, scenario) {
    const all = scenario.events.filter(
      (event) => event.job_id === job_id && event.id > after && (before === undefined || event.id < before),
    );
    return ok({ events: tail ? all.slice(-limit) : all.slice(0, limit), more: all.length > limit });
  },
  'jobs.plan': ({ job_id }, { plans }) => found(plans[job_id], job_id),
  'jobs.diff': ({ job_id }, { diffs }) => found(diffs[job_id], job_id),
  'jobs.report': ({ job_id }, { reports }) => found(reports[job_id], job_id),
  'jobs.approve': ({ job_id }, scenario) =>
    change(scenario, job_id, { state: 'executing', waiting_for: null }),
  'jobs.reject': ({ job_id, reason }, scenario) =>
    change(scenario, job_id, { state: 'canceled', waiting_for: null, error: reason }),
  'jobs.cancel': ({ job_id, reason }, scenario) =>
    change(scenario, job_id, { state: 'canceled', waiting_for: null, error: reason }),
  'jobs.retry'({ job_id }, scenario) {
    const job = scenario.jobs.find((each) => each.job_id === job_id);
    if (!job) return notThere(job_id);
    const again = makeJob(`again${scenario.jobs.length}`, {
      goal: job.goal,
      state: 'received',
      retry_of: job_id,
    });
    scenario.jobs.unshift(again);
    return ok({ job_id: again.job_id, state: again.state });
  },
  'jobs.answer'({ job_id, escalation_id, answer: text }, scenario) {
    const asked = scenario.escalations.find((each) => each.escalation_id === escalation_id);
    if (asked) Object.assign(asked, { resolved_at: new Date().toISOString(), answer: text });
    return change(scenario, job_id, { waiting_for: null });
  },
  'jobs.escalations': ({ job_id }, { escalations }) =>
    ok(escalations.filter((escalation) => escalation.job_id === job_id)),
  'escalations.list'({ open }, { escalations }) {
    const stillOpen = escalations.filter((escalation) => escalation.resolved_at === null);
    return ok({ escalations: open === true ? stillOpen : escalations, open_count: stillOpen.length });
  },
  'escalations.resolve'({ escalation_id }, { escalations }) {
    const escalation = escalations.find((each) => each.escalation_id === escalation_id);
    if (escalation) escalation.resolved_at = new Date().toISOString();
    return found(escalation, escalation_id);
  },
  'repos.recent': (_, { recent }) => ok({ repos: recent }),
  'repos.inspect': ({ repo }) =>
    /missing|nowhere/.test(repo)
      ? fail('invalid_input', 'There is no folder at this path')
      : ok({ repo, branches: ['main', 'develop', 'release/2.0'], head_branch: 'main' }),
  'settings.get': (_, { settings }) => ok(settings),
  'settings.update'({ values }, { settings }) {
    Object.assign(settings.values, values);
    return ok(settings);
  },
  'llm.models': () => ok(catalog),
  'llm.refresh': () => ok(catalog),
  'llm.usage': () => ok(usage),
  'llm.resetUsage': () => ok(usage),
  'audit.verify': () => ok({ ok: true, records: 1284, first_broken: null, detail: '' }),
  'system.health': () =>
    ok({ status: 'ok', version: '0.1.0', running_jobs: 2, queued_jobs: 1, waiting_jobs: 2 }),
  'system.doctor': () => ok({ checks, ready: false }),
};

const usage: OutputOf<'llm.usage'> = { window_minutes: 60, generated_at: ago(0), model_count: 0, models: [] };
const model = (model_id: string, usage_hint: string): OutputOf<'llm.models'>['models'][number] => ({
  provider: 'ollama',
  model_id,
  display_name: model_id,
  usage_hint,
  priority: 50,
  context_window_tokens: 131_072,
  max_output_tokens: null,
  quota_remaining_fraction: null,
  quota_reset_at: null,
  metadata: {},
});
const catalog: OutputOf<'llm.models'> = {
  refresh_interval_seconds: 600,
  auto_refresh: true,
  providers: (['ollama', 'anthropic', 'openai'] as const).map((provider) => ({
    provider,
    account_id: 'default',
    model_count: 2,
    last_refresh_at: ago(3),
    last_success_at: provider === 'openai' ? null : ago(3),
    next_refresh_at: null,
    stale: provider === 'openai',
    last_error: provider === 'openai' ? 'The key was refused: add it again in Accounts.' : null,
    usage: null,
  })),
  models: [
    model('qwen3-coder:30b', 'balanced'),
    model('llama3.1:8b', 'balanced'),
    {
      ...model('claude-sonnet', 'balanced'),
      provider: 'anthropic',
      display_name: 'Claude Sonnet',
      metadata: { capabilities: { tools: true, vision: true, reasoning: true } },
    },
    {
      ...model('claude-haiku', 'fast'),
      provider: 'anthropic',
      display_name: 'Claude Haiku',
      metadata: { capabilities: { tools: true, vision: true, reasoning: false } },
    },
    model('gpt-oss:20b', 'reasoning'),
  ],
};
const checks: OutputOf<'system.doctor'>['checks'] = [
  { name: 'data_folder', ok: true, required: true, detail: '/home/mina/.local/share/dev-crew', advice: '' },
  { name: 'git', ok: true, required: true, detail: 'git 2.39.5', advice: '' },
  {
    name: 'docker',
    ok: false,
    required: true,
    detail: 'No Docker engine answers at unix:///var/run/docker.sock',
    advice: 'Start Docker Desktop, or run: sudo systemctl start docker',
  },
  {
    name: 'sandbox_image',
    ok: false,
    required: true,
    detail: 'Unknown while Docker is not running',
    advice: 'Start Docker first',
  },
  {
    name: 'model',
    ok: true,
    required: true,
    detail: 'ollama/llama3.1:8b answers at http://127.0.0.1:11434',
    advice: '',
  },
  {
    name: 'gh',
    ok: false,
    required: false,
    detail: 'gh is not installed',
    advice: 'Only needed to open pull requests: https://cli.github.com',
  },
  { name: 'keychain', ok: true, required: false, detail: 'Secret Service', advice: '' },
];

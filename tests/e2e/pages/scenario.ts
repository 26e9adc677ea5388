import type { EscalationView } from '../../../src/shared/escalation.ts';
import type { EventMetadata } from '../../../src/shared/events.ts';
import type { Job, JobEvent, JobState, JobSummary } from '../../../src/shared/job.ts';
import type { OutputOf } from '../../../src/shared/operations.ts';
import type { Report } from '../../../src/shared/report.ts';
import { type SettingsView, settingsSchema } from '../../../src/shared/settings.ts';
import { sampleDiff, samplePlan, sampleReport } from './samples.ts';

/** What the stub server serves. Tests change it and push events; nothing else happens by itself. */
export interface Scenario {
  jobs: Job[];
  events: JobEvent[];
  plans: Record<string, OutputOf<'jobs.plan'>>;
  diffs: Record<string, OutputOf<'jobs.diff'>>;
  reports: Record<string, Report>;
  escalations: EscalationView[];
  settings: SettingsView;
  recent: OutputOf<'repos.recent'>['repos'];
}

export const emptyScenario = (): Scenario => ({
  jobs: [],
  events: [],
  plans: {},
  diffs: {},
  reports: {},
  escalations: [],
  settings: { values: settingsSchema.parse({}), fixed: {}, warnings: {} },
  recent: [],
});

const minute = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * minute).toISOString();

/** Whole ids by a short name, so that tests can say `job('ask')`. */
export const jobId = (name: string): string => `${name.padEnd(8, '0')}-0000-4000-8000-000000000000`;

export function makeJob(name: string, some: Partial<Job> & { goal: string }): Job {
  const id = jobId(name);
  return {
    job_id: id,
    repo: '/home/mina/work/calendar',
    base_branch: 'main',
    work_branch: `crew/${id.slice(0, 8)}`,
    state: 'executing',
    mode: 'live',
    waiting_for: null,
    priority: 0,
    created_at: ago(40),
    updated_at: ago(2),
    history_count: 12,
    last_event: null,
    approval: 'manual',
    model: 'ollama/qwen3-coder:30b',
    manager_model: 'ollama/qwen3-coder:30b',
    transitions_used: 4,
    max_state_transitions: 20,
    tool_calls_used: 3,
    max_tool_calls: 10,
    max_cost_usd: null,
    max_tokens: null,
    auto_fix_rounds: 0,
    base_commit: '8f14e45fceea167a5a36dedd4bea2543c2f3a1b0',
    head_commit: null,
    error: null,
    retry_of: null,
    ...some,
  };
}

export const summaryOf = (job: Job): JobSummary => ({
  job_id: job.job_id,
  goal: job.goal,
  repo: job.repo,
  base_branch: job.base_branch,
  work_branch: job.work_branch,
  state: job.state,
  mode: job.mode,
  waiting_for: job.waiting_for,
  priority: job.priority,
  created_at: job.created_at,
  updated_at: job.updated_at,
});

type Told = EventMetadata extends infer M ? (M extends EventMetadata ? Omit<M, 'call_order'> : never) : never;

/** Appends an event to the scenario and returns it. */
export function tell(
  scenario: Scenario,
  job: string,
  state: JobState,
  at: string,
  metadata: Told,
  message: string = metadata.event_type,
): JobEvent {
  const call_order = scenario.events.filter((event) => event.job_id === jobId(job)).length + 1;
  const id = (scenario.events.at(-1)?.id ?? 0) + 1;
  const event = { id, job_id: jobId(job), at, state, message, metadata: { ...metadata, call_order } };
  scenario.events.push(event);
  return event;
}

function tellWork(scenario: Scenario, job: string): void {
  const say = (minutes: number, state: JobState, metadata: Told): JobEvent =>
    tell(scenario, job, state, ago(minutes), metadata);
  const move = (minutes: number, from_state: JobState, to_state: JobState): JobEvent =>
    say(minutes, to_state, { event_type: 'state_transition', from_state, to_state });
  const backend = { agent: 'backend', agent_role: 'backend', task_id: 'T1' } as const;
  say(40, 'received', { event_type: 'workflow_step', step: 'request', phase: 'received', details: {} });
  move(39.9, 'received', 'context_collecting');
  say(39.8, 'context_collecting', {
    event_type: 'workspace_ready',
    base_commit: '8f14e45fceea167a',
    file_count: 1284,
  });
  move(39.7, 'context_collecting', 'planning');
  say(39.6, 'planning', { event_type: 'workflow_step', step: 'pan_out', phase: 'started', details: {} });
  say(38, 'planning', {
    event_type: 'agent_decision',
    agent_role: 'architect',
    task_name: 'Study the date parser',
    phase: 'pan_out',
    decision:
      'Negative epochs go through `Math.floor`, which is right, but the **sign is lost** in `toParts`.',
    async_execution: true,
  });
  say(37, 'planning', { event_type: 'plan_submitted', version: 1, task_count: 3 });
  move(36.9, 'planning', 'awaiting_plan_approval');
  say(30, 'awaiting_plan_approval', {
    event_type: 'plan_decision',
    decision: 'approved',
    version: 1,
    by: 'human',
    reason: '',
  });
  move(29.9, 'awaiting_plan_approval', 'executing');
  say(29.8, 'executing', {
    event_type: 'verification',
    on: 'base',
    round: 0,
    result: {
      commit: '8f14e45fceea167a',
      passed: false,
      runs: [
        {
          command: 'npm test',
          exit_code: 1,
          passed: false,
          timed_out: false,
          duration_ms: 4210,
          output: 'FAIL tests/parse.test.ts\n  parses 1969-12-31\n    expected -1 day, got 1 day',
        },
      ],
    },
  });
  say(29.5, 'executing', {
    event_type: 'task_status',
    task_id: 'T1',
    title: 'Keep the sign when splitting an instant',
    owner_agent: 'backend',
    status: 'started',
    summary: '',
  });
  say(28, 'executing', {
    ...backend,
    event_type: 'agent_step',
    step: 1,
    text: 'I look at how `toParts` divides the instant before I change anything.',
    tool_calls: [
      { call_id: 'c1', name: 'read_file', summary: 'src/parse.ts 1–80' },
      { call_id: 'c2', name: 'run_command', summary: 'npm test -- parse' },
    ],
    prompt_tokens: 4120,
    completion_tokens: 96,
  });
  say(27.9, 'executing', {
    ...backend,
    event_type: 'tool_result',
    step: 1,
    call_id: 'c1',
    name: 'read_file',
    ok: true,
    output: 'export function toParts(ms: number) {\n  const days = Math.trunc(ms / day);\n  …\n}',
    duration_ms: 4,
    sandbox_run: false,
  });
  say(27.8, 'executing', {
    ...backend,
    event_type: 'tool_result',
    step: 1,
    call_id: 'c2',
    name: 'run_command',
    ok: false,
    output: '1 failed, 41 passed',
    duration_ms: 3870,
    sandbox_run: true,
  });
  say(27, 'executing', {
    ...backend,
    event_type: 'agent_step',
    step: 2,
    text: '`Math.trunc` rounds towards zero, so every instant before 1970 lands a day late. I use `Math.floor` and keep the remainder positive.\n\n1. change `toParts`\n2. add the two cases from the goal',
    tool_calls: [{ call_id: 'c1', name: 'edit_file', summary: 'src/parse.ts' }],
    prompt_tokens: 5230,
    completion_tokens: 211,
  });
  say(26.9, 'executing', {
    ...backend,
    event_type: 'tool_result',
    step: 2,
    call_id: 'c1',
    name: 'edit_file',
    ok: true,
    output: '1 place changed',
    duration_ms: 6,
    sandbox_run: false,
  });
  say(26, 'executing', {
    event_type: 'snapshot',
    number: 1,
    ref: 'refs/dev-crew/x/1',
    commit: 'a3f5e0b19c2d',
  });
  say(26, 'executing', {
    event_type: 'task_status',
    task_id: 'T1',
    title: 'Keep the sign when splitting an instant',
    owner_agent: 'backend',
    status: 'finished',
    summary: '',
  });
}

/** A working day: something of every state. */
export function workday(): Scenario {
  const scenario = emptyScenario();
  const approve = makeJob('approve', {
    goal: '# Dates before 1970 are parsed wrong\n\nThe parser loses the sign. Fix it and add tests for\n\n- `1969-12-31`\n- `0001-01-01`',
    state: 'awaiting_plan_approval',
    waiting_for: 'plan_approval',
  });
  const ask = makeJob('ask', {
    goal: 'Replace moment with Temporal in the booking flow',
    repo: 'acme/booking',
    state: 'executing',
    waiting_for: 'answer',
    updated_at: ago(9),
  });
  const work = makeJob('work', { goal: 'Fix the date parser for dates before 1970', updated_at: ago(0) });
  const fixing = makeJob('fixing', {
    goal: '로그인 화면을 한국어로 옮기고 테스트를 추가해 주세요',
    repo: '/home/mina/일/포털',
    state: 'auto_fixing',
    auto_fix_rounds: 2,
    updated_at: ago(1),
  });
  const queued = makeJob('queued', {
    goal: 'Update the licence headers',
    state: 'received',
    mode: 'dry_run',
    base_commit: null,
    updated_at: ago(3),
  });
  const done = makeJob('done', {
    goal: 'Show a helpful page when the server is down',
    repo: 'https://git.example.org/team/storefront.git',
    state: 'completed',
    head_commit: '45c48cce2e2d7fbdea1afc51c7c6ad26bb1f2a90',
    auto_fix_rounds: 1,
    created_at: ago(300),
    updated_at: ago(240),
  });
  const failed = makeJob('failed', {
    goal: 'Upgrade the build to the next major version of the bundler and remove the shims that are no longer needed after that',
    state: 'failed',
    error: 'max_tool_calls exceeded: 11/10',
    created_at: ago(1500),
    updated_at: ago(1440),
    last_event: {
      at: ago(1440),
      state: 'failed',
      message: 'failed',
      metadata: {
        event_type: 'state_transition',
        from_state: 'executing',
        to_state: 'failed',
        call_order: 30,
      },
    },
  });
  const canceled = makeJob('canceled', {
    goal: 'Try a darker header',
    state: 'canceled',
    mode: 'plan_only',
    error: 'Not needed any more',
    base_commit: null,
    created_at: ago(3000),
    updated_at: ago(2900),
  });
  scenario.jobs.push(work, queued, fixing, approve, ask, done, failed, canceled);
  tellWork(scenario, 'work');
  tellWork(scenario, 'done');
  tellWork(scenario, 'approve');
  for (const job of scenario.jobs) {
    scenario.plans[job.job_id] = { job_id: job.job_id, version: 1, created_at: ago(37), plan: samplePlan };
    scenario.diffs[job.job_id] = {
      job_id: job.job_id,
      base_commit: job.base_commit,
      head_commit: job.head_commit,
      truncated: false,
      ...sampleDiff,
    };
  }
  scenario.reports[done.job_id] = sampleReport;
  const metadata = {
    question:
      'The repository has **two** calendars: `src/calendar` and `legacy/calendar`.\n\nWhich one should change?',
  };
  scenario.escalations.push(
    {
      escalation_id: 'e1',
      at: ago(9),
      job_id: ask.job_id,
      severity: 'info',
      reason: 'The backend needs a decision',
      metadata,
      resolved_at: null,
      answer: null,
    },
    {
      escalation_id: 'e2',
      at: ago(1440),
      job_id: failed.job_id,
      severity: 'critical',
      reason: 'max_tool_calls exceeded: 11/10',
      metadata: {},
      resolved_at: null,
      answer: null,
    },
  );
  scenario.settings.fixed = { docker_image: 'DEV_CREW_DOCKER_IMAGE' };
  scenario.recent = [
    { repo: '/home/mina/work/calendar', base_branch: 'main', last_used_at: ago(2) },
    { repo: 'acme/booking', base_branch: 'develop', last_used_at: ago(60) },
    { repo: 'https://git.example.org/team/storefront.git', base_branch: 'main', last_used_at: ago(900) },
  ];
  return scenario;
}

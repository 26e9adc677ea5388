import type { Account, Login } from '../../../src/shared/accounts.ts';
import type { Job, JobEvent, JobSummary } from '../../../src/shared/job.ts';
import type { InputOf, OperationName, OutputOf } from '../../../src/shared/operations.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';

/** A valid input and output for each operation; the compiler asks for the sample of a new one. */
export type Samples = { [N in OperationName]: { input: InputOf<N>; output: OutputOf<N> } };

const at = '2026-01-02T03:04:05.678Z';

export const jobEvent = (id: number, message = `event ${id}`): JobEvent => ({
  id,
  job_id: 'j1',
  at,
  state: 'planning',
  message,
  metadata: { event_type: 'notice', call_order: id, text: 'with "quotes",\nlines, 한글 and \u2028' },
});

const summary: JobSummary = {
  job_id: 'j1',
  goal: 'Make the test pass',
  repo: '/tmp/a repo',
  base_branch: 'main',
  work_branch: 'crew/j1',
  state: 'planning',
  mode: 'dry_run',
  waiting_for: null,
  priority: 0,
  created_at: at,
  updated_at: at,
};
const { id: _id, job_id: _jobId, ...lastEvent } = jobEvent(3);
const job: Job = {
  ...summary,
  history_count: 3,
  last_event: lastEvent,
  approval: 'manual',
  model: 'ollama/a',
  manager_model: 'ollama/b',
  transitions_used: 2,
  max_state_transitions: 20,
  tool_calls_used: 0,
  max_tool_calls: 10,
  max_cost_usd: null,
  max_tokens: null,
  auto_fix_rounds: 0,
  base_commit: null,
  head_commit: null,
  error: null,
  retry_of: null,
};
const escalation = {
  escalation_id: 'e1',
  at,
  job_id: 'j1',
  severity: 'warning' as const,
  reason: 'a question',
  metadata: {},
};
const escalationView = { ...escalation, resolved_at: null, answer: null };
const accepted = { job_id: 'j1', state: 'executing' as const };
const catalog = { refresh_interval_seconds: 600, auto_refresh: true, providers: [], models: [] };
const usage = { window_minutes: 60, generated_at: at, model_count: 0, models: [] };
const account: Account = {
  provider: 'openai',
  account_id: 'default',
  name: 'Work',
  kind: 'api_key',
  email: null,
  plan: null,
  base_url: null,
  active: true,
  state: 'ok',
  detail: '',
  created_at: at,
  last_used_at: null,
  expires_at: null,
  quota: { plan: 'plus', windows: [{ label: '5 h', used_percent: 12.5, reset_at: at }] },
  blocked_until: null,
  max_cost_usd_per_day: 5,
  max_tokens_per_day: null,
};
const login: Login = {
  login_id: 'l1',
  provider: 'openai-codex',
  account_id: 'default',
  method: 'browser',
  state: 'waiting',
  authorize_url: 'https://auth.example/authorize?state=s',
  redirect_uri: 'http://localhost:1455/auth/callback',
  listening: true,
  notice: '',
  user_code: null,
  verification_url: null,
  error: null,
  created_at: at,
  expires_at: at,
};
const spending = {
  spent_usd: 0.25,
  reserved_usd: 0,
  max_cost_usd: 2,
  spent_tokens: 1000,
  reserved_tokens: 0,
  max_tokens: null,
  unpriced_calls: 0,
};
const sums = {
  calls: 1,
  error_calls: 0,
  prompt_tokens: 800,
  cached_tokens: 100,
  completion_tokens: 200,
  reasoning_tokens: 50,
  cost_usd: 0.25,
  unpriced_calls: 0,
};
const pull = {
  model: 'qwen3:4b',
  state: 'pulling' as const,
  status: 'pulling manifest',
  completed_bytes: null,
  total_bytes: null,
  error: null,
};
const price = { input_usd: 1, cached_input_usd: 0.1, output_usd: 8 };
const prices = {
  prices: [
    { provider: 'openai' as const, model_id: 'm', source: 'user' as const, as_of: '2026-01-02', ...price },
  ],
};
const settings = {
  values: settingsSchema.parse({}),
  fixed: { model: 'DEV_CREW_LOCAL_LLM_MODEL' },
  warnings: {},
};
const byId = { job_id: 'j1' };
const plan: OutputOf<'jobs.plan'>['plan'] = {
  tasks: [
    { id: 't1', title: 'Fix', owner_agent: 'backend', depends_on: [], acceptance_criteria: ['passes'] },
  ],
  files_to_change: ['a.js'],
  commands: [],
  test_matrix: ['npm test'],
  pr: { title: 'Fix', body: '' },
  risks: [],
  approvals: { requires_plan_approval: true },
};

export const samples: Samples = {
  'jobs.create': {
    input: { goal: 'Make the test pass', repo: '/tmp/a repo', idempotency_key: 'k 1', priority: -3 },
    output: { job_id: 'j1', state: 'received', reused: false },
  },
  'jobs.list': {
    input: { limit: 5, state: 'planning', waiting: false },
    output: { jobs: [summary], next: 'j0', total: 9 },
  },
  'jobs.get': { input: { job_id: 'a/b ?&#%한글' }, output: job },
  'jobs.timeline': {
    input: { ...byId, limit: 2, after: 1, tail: true },
    output: { events: [jobEvent(2)], more: false },
  },
  'jobs.plan': { input: byId, output: { job_id: 'j1', version: 1, created_at: at, plan } },
  'jobs.approve': { input: { ...byId, version: 2 }, output: accepted },
  'jobs.reject': { input: { ...byId, reason: 'no\nnever' }, output: accepted },
  'jobs.cancel': { input: byId, output: accepted },
  'jobs.retry': { input: byId, output: accepted },
  'jobs.answer': { input: { ...byId, escalation_id: 'e1', answer: 'yes' }, output: accepted },
  'jobs.diff': {
    input: byId,
    output: { job_id: 'j1', base_commit: 'a', head_commit: 'b', diff: '+x\n', truncated: false, files: [] },
  },
  'jobs.report': {
    input: byId,
    output: { run_summary: 'Done', links: [], failures: [], next_actions: [], evidence: null },
  },
  'jobs.escalations': { input: byId, output: [escalation] },
  'escalations.list': {
    input: { limit: 3, open: true },
    output: { escalations: [escalationView], open_count: 1 },
  },
  'escalations.resolve': { input: { escalation_id: 'e1' }, output: escalationView },
  'repos.recent': {
    input: {},
    output: { repos: [{ repo: '/r', base_branch: 'main', last_used_at: at }] },
  },
  'repos.inspect': {
    input: { repo: '/tmp/새 폴더' },
    output: { repo: '/tmp/새 폴더', branches: ['main'], head_branch: 'main' },
  },
  'settings.get': { input: {}, output: settings },
  'settings.update': { input: { values: { max_parallel_jobs: 3 } }, output: settings },
  'llm.models': { input: { provider: 'ollama', force_refresh: true }, output: catalog },
  'llm.refresh': { input: { provider: 'ollama' }, output: catalog },
  'llm.usage': { input: { provider: 'ollama' }, output: usage },
  'llm.resetUsage': { input: {}, output: usage },
  'audit.verify': { input: {}, output: { ok: true, records: 4, first_broken: null, detail: '' } },
  'system.health': {
    input: {},
    output: { status: 'ok', version: '0', running_jobs: 0, queued_jobs: 0, waiting_jobs: 0 },
  },
  'system.doctor': {
    input: {},
    output: {
      checks: [{ name: 'git', ok: true, required: true, detail: '2.39', advice: '' }],
      ready: true,
    },
  },
  'llm.testModel': {
    input: { model: 'ollama/a' },
    output: {
      model: 'ollama/a',
      ok: true,
      calls_tools: true,
      first_token_ms: 12.5,
      tokens_per_second: 40,
      prompt_tokens: 10,
      completion_tokens: 5,
      cost_usd: 0,
      detail: '',
    },
  },
  'llm.showModel': { input: { model: 'a' }, output: { model: 'a', details: { size: 1 } } },
  'llm.pullModel': { input: { model: 'qwen3:4b' }, output: pull },
  'llm.pulls': { input: {}, output: { pulls: [pull] } },
  'llm.cancelPull': { input: { model: 'qwen3:4b' }, output: { ...pull, state: 'canceled' } },
  'llm.prices': { input: { provider: 'openai' }, output: prices },
  'llm.setPrice': { input: { provider: 'openai', model_id: 'm', price }, output: prices },
  'accounts.list': {
    input: {},
    output: {
      accounts: [account],
      providers: [
        {
          provider: 'openai',
          name: 'OpenAI',
          methods: ['api_key'],
          custom_base_url: false,
          default_base_url: 'https://api.example/v1',
          key_url: null,
          consent: null,
          missing: null,
        },
      ],
      secrets: { kind: 'keychain', state: 'ok', detail: '', advice: '' },
      logins: [login],
    },
  },
  'accounts.addKey': {
    input: { provider: 'openai', api_key: 'not-a-key' },
    output: { account, warning: '' },
  },
  'accounts.startLogin': { input: { provider: 'openai-codex', method: 'browser' }, output: login },
  'accounts.login': { input: { login_id: 'l1' }, output: login },
  'accounts.pasteLogin': { input: { login_id: 'l1', text: 'code#state' }, output: login },
  'accounts.cancelLogin': { input: { login_id: 'l1' }, output: { ...login, state: 'canceled' } },
  'accounts.update': {
    input: { provider: 'openai', account_id: 'default', name: 'Work', max_cost_usd_per_day: null },
    output: account,
  },
  'accounts.signOut': {
    input: { provider: 'openai', account_id: 'default' },
    output: { revoked: true, detail: '' },
  },
  'usage.report': {
    input: { by: 'model', from: '2026-01-01', to: '2026-01-02' },
    output: {
      from: '2026-01-01',
      to: '2026-01-02',
      by: 'model',
      rows: [{ key: 'openai/m', label: 'openai/m', ...sums, first_token_ms: 100, duration_ms: 900 }],
      total: sums,
    },
  },
  'usage.csv': { input: {}, output: { file_name: 'usage.csv', csv: 'at\r\n', rows: 0 } },
  'usage.today': {
    input: {},
    output: {
      day: '2026-01-02',
      spending,
      accounts: [{ provider: 'openai', account_id: 'default', spending }],
    },
  },
  'jobs.spending': { input: byId, output: spending },
  'jobs.raiseBudget': { input: { ...byId, max_cost_usd: 5 }, output: accepted },
};

import type { Account, Login, ProviderInfo } from '../../../src/shared/accounts.ts';
import { ok, type Result } from '../../../src/shared/errors.ts';
import type { PricedModel, ProviderId } from '../../../src/shared/models.ts';
import type { OperationName, OutputOf } from '../../../src/shared/operations.ts';
import type { UsageReport } from '../../../src/shared/usage-report.ts';
import { samples } from '../../contract/edges/samples.ts';
import { ago } from './scenario.ts';

type Name =
  | Extract<OperationName, `accounts.${string}` | `usage.${string}`>
  | 'llm.testModel'
  | 'llm.showModel'
  | 'llm.pullModel'
  | 'llm.pulls'
  | 'llm.cancelPull'
  | 'llm.prices'
  | 'llm.setPrice'
  | 'jobs.spending'
  | 'jobs.raiseBudget';

const account = (provider: ProviderId, some: Partial<Account>): Account => ({
  provider,
  account_id: 'default',
  name: 'Default',
  kind: 'api_key',
  email: null,
  plan: null,
  base_url: null,
  active: true,
  state: 'ok',
  detail: '',
  created_at: ago(9000),
  last_used_at: ago(12),
  expires_at: null,
  quota: null,
  blocked_until: null,
  max_cost_usd_per_day: null,
  max_tokens_per_day: null,
  ...some,
});

const accounts: Account[] = [
  account('anthropic', { name: 'Work', max_cost_usd_per_day: 5, max_tokens_per_day: 2_000_000 }),
  account('openai-codex', {
    name: 'mina@example.org',
    kind: 'oauth',
    email: 'mina@example.org',
    plan: 'plus',
    quota: {
      plan: 'plus',
      windows: [
        { label: '5 h', used_percent: 34, reset_at: '2026-11-22T23:10:00Z' },
        { label: '7 d', used_percent: 87, reset_at: '2026-11-25T08:00:00Z' },
      ],
    },
  }),
  account('openai-codex', {
    account_id: 'team',
    name: 'Team',
    kind: 'oauth',
    active: false,
    state: 'signed_out',
    detail: 'The sign-in has ended (refresh_token_reused). Sign in again.',
  }),
];

const info = (provider: ProviderId, some: Partial<ProviderInfo>): ProviderInfo => ({
  provider,
  name: provider,
  methods: ['api_key'],
  custom_base_url: false,
  default_base_url: null,
  key_url: 'https://keys.example.org',
  consent: null,
  missing: null,
  ...some,
});

const providers: ProviderInfo[] = [
  info('anthropic', { name: 'Anthropic' }),
  info('openai', { name: 'OpenAI' }),
  info('openai-compatible', {
    name: 'OpenAI-compatible server',
    methods: ['api_key', 'none'],
    custom_base_url: true,
    key_url: null,
  }),
  info('openai-codex', {
    name: 'Codex (ChatGPT plan)',
    methods: ['browser', 'device', 'manual'],
    key_url: null,
  }),
  info('google-antigravity', {
    name: 'Google Antigravity',
    methods: ['browser', 'manual'],
    key_url: null,
    consent: { text: "Google's terms forbid other programs here, and accounts were banned.", given: false },
  }),
];

const login: Login = {
  ...samples['accounts.startLogin'].output,
  expires_at: new Date(Date.now() + 600_000).toISOString(),
};

const price = (model_id: string, input: number, output: number): PricedModel => ({
  provider: 'anthropic',
  model_id,
  source: 'shipped',
  as_of: '2026-11-01',
  input_usd: input,
  cached_input_usd: input / 10,
  output_usd: output,
});

const usageRow = (key: string, cost: number, calls: number): UsageReport['rows'][number] => ({
  key,
  label: key,
  calls,
  error_calls: 0,
  prompt_tokens: calls * 4200,
  cached_tokens: calls * 3000,
  completion_tokens: calls * 350,
  reasoning_tokens: calls * 120,
  cost_usd: cost,
  unpriced_calls: 0,
  first_token_ms: 640,
  duration_ms: 5200,
});

const spending = {
  spent_usd: 1.84,
  reserved_usd: 0.12,
  max_cost_usd: 2.5,
  spent_tokens: 412_000,
  reserved_tokens: 9000,
  max_tokens: null,
  unpriced_calls: 0,
};

const sampled = Object.fromEntries(
  (Object.keys(samples) as OperationName[]).map((name) => [name, () => ok(samples[name].output)]),
) as { [N in Name]: () => Result<OutputOf<N>> };

/** Answers about accounts, models and money; they stay the same whatever is done. */
export const accountAnswers: { [N in Name]: () => Result<OutputOf<N>> } = {
  ...sampled,
  'accounts.list': () =>
    ok({
      accounts,
      providers,
      secrets: { kind: 'keychain', state: 'ok', detail: '', advice: '' },
      logins: [],
    }),
  'accounts.startLogin': () => ok(login),
  'accounts.login': () => ok({ ...login, state: 'done' }),
  'llm.prices': () => ok({ prices: [price('claude-sonnet', 3, 15), price('claude-haiku', 1, 5)] }),
  'llm.pulls': () =>
    ok({
      pulls: [
        {
          model: 'qwen3:8b',
          state: 'done',
          status: 'success',
          completed_bytes: null,
          total_bytes: null,
          error: null,
        },
      ],
    }),
  'usage.report': () => {
    const rows = [
      usageRow('2026-11-22', 1.84, 96),
      usageRow('2026-11-21', 3.1, 160),
      usageRow('2026-11-20', 0.42, 25),
    ];
    const total = { ...usageRow('total', 5.36, 281), error_calls: 3, unpriced_calls: 2 };
    return ok({ from: '2026-10-24', to: '2026-11-22', by: 'day', rows, total });
  },
  'usage.today': () =>
    ok({
      day: '2026-11-22',
      spending,
      accounts: [
        { provider: 'anthropic', account_id: 'default', spending: { ...spending, max_cost_usd: 5 } },
      ],
    }),
  'usage.csv': () => ok({ file_name: 'dev-crew-usage.csv', csv: 'at,model\r\n', rows: 0 }),
  'jobs.spending': () => ok(spending),
};

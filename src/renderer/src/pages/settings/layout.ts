import type { SettingName, Settings } from '../../../../shared/settings.ts';

type Unit = 'jobs' | 'tokens' | 'usd' | 'seconds' | 'mb' | 'cpus' | 'processes';
/** Settings that may be null: no limit. */
type LimitSetting = 'max_cost_usd' | 'max_tokens' | 'day_max_cost_usd' | 'day_max_tokens';
type NamesOf<T> = { [N in SettingName]: Settings[N] extends T ? N : never }[SettingName];
export type OptionSetting = 'default_mode' | 'default_approval' | 'language' | 'theme';

export type SettingControl =
  | { kind: 'options'; name: OptionSetting; options: readonly Settings[OptionSetting][] }
  | { kind: 'toggle'; name: NamesOf<boolean> }
  | { kind: 'number'; name: NamesOf<number>; unit: Unit | null; min: number; max: number }
  | { kind: 'limit'; name: LimitSetting; unit: Unit }
  | { kind: 'text'; name: Exclude<NamesOf<string>, OptionSetting> };

export const groupNames = ['app', 'jobs', 'model', 'sandbox', 'limits'] as const;
export type GroupName = (typeof groupNames)[number];

/** Every setting, once: where it stands and how it is edited. A test compares it with the schema. */
export const settingsLayout: Record<GroupName, readonly SettingControl[]> = {
  app: [
    { kind: 'options', name: 'theme', options: ['system', 'light', 'dark'] },
    { kind: 'options', name: 'language', options: ['system', 'en', 'ko'] },
    { kind: 'toggle', name: 'notifications' },
  ],
  jobs: [
    { kind: 'options', name: 'default_mode', options: ['auto', 'dry_run', 'plan_only', 'live'] },
    { kind: 'options', name: 'default_approval', options: ['manual', 'auto'] },
    { kind: 'number', name: 'max_parallel_jobs', unit: 'jobs', min: 1, max: 16 },
  ],
  model: [
    { kind: 'text', name: 'model' },
    { kind: 'text', name: 'manager_model' },
    { kind: 'text', name: 'ollama_base_url' },
    { kind: 'number', name: 'context_tokens', unit: 'tokens', min: 2048, max: 1_048_576 },
    { kind: 'number', name: 'max_output_tokens', unit: 'tokens', min: 256, max: 1_000_000 },
    { kind: 'text', name: 'fallback_model' },
    { kind: 'toggle', name: 'antigravity_consent' },
  ],
  sandbox: [
    { kind: 'text', name: 'docker_image' },
    { kind: 'text', name: 'docker_workdir' },
    { kind: 'number', name: 'command_timeout_seconds', unit: 'seconds', min: 1, max: 86_400 },
    { kind: 'number', name: 'sandbox_memory_mb', unit: 'mb', min: 64, max: 1_048_576 },
    { kind: 'number', name: 'sandbox_cpus', unit: 'cpus', min: 0.1, max: 256 },
    { kind: 'number', name: 'sandbox_pids', unit: 'processes', min: 16, max: 65_536 },
  ],
  limits: [
    { kind: 'number', name: 'max_state_transitions', unit: null, min: 1, max: 1000 },
    { kind: 'number', name: 'max_tool_calls', unit: null, min: 0, max: 100_000 },
    { kind: 'limit', name: 'max_cost_usd', unit: 'usd' },
    { kind: 'limit', name: 'max_tokens', unit: 'tokens' },
    { kind: 'limit', name: 'day_max_cost_usd', unit: 'usd' },
    { kind: 'limit', name: 'day_max_tokens', unit: 'tokens' },
  ],
};

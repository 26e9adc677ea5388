import { join, resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/errors.ts';
import { settingsSchema, type SettingName, type Settings } from '../../shared/settings.ts';
import { readEndpoints, type Endpoints } from './endpoint-environment.ts';
import { readOAuthEnvironment, type OAuthEnvironment } from './oauth-environment.ts';
import { readProxies } from './proxy-environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

const flag = z.enum(['0', '1'], 'takes 0 or 1');
const whole = (min: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d+$/, `takes a whole number of at least ${min}`)
    .transform(Number)
    .refine((value) => value >= min, `takes a whole number of at least ${min}`);

/** Variables that fix a setting, in order of precedence where two name the same one (compatibility.md §4). */
const settingVariables: readonly { variable: string; setting: SettingName; numeric?: boolean }[] = [
  { variable: 'DEV_CREW_CREWAI_LLM', setting: 'model' },
  { variable: 'DEV_CREW_LOCAL_LLM_MODEL', setting: 'model' },
  { variable: 'DEV_CREW_CREWAI_MANAGER_LLM', setting: 'manager_model' },
  { variable: 'DEV_CREW_CREWAI_LLM', setting: 'manager_model' },
  { variable: 'DEV_CREW_LOCAL_LLM_MODEL', setting: 'manager_model' },
  { variable: 'DEV_CREW_OLLAMA_BASE_URL', setting: 'ollama_base_url' },
  { variable: 'DEV_CREW_DOCKER_IMAGE', setting: 'docker_image' },
  { variable: 'DEV_CREW_DOCKER_WORKDIR', setting: 'docker_workdir' },
  { variable: 'DEV_CREW_DOCKER_TIMEOUT_SECONDS', setting: 'command_timeout_seconds', numeric: true },
  { variable: 'DEV_CREW_JOB_MAX_STATE_TRANSITIONS', setting: 'max_state_transitions', numeric: true },
  { variable: 'DEV_CREW_JOB_MAX_TOOL_CALLS', setting: 'max_tool_calls', numeric: true },
];

const plainVariables = {
  DEV_CREW_USE_CREWAI: flag.optional(),
  DEV_CREW_CREWAI_DRY_RUN: flag.optional(),
  DEV_CREW_DOCKER_DRY_RUN: flag.optional(),
  DEV_CREW_MODEL_CATALOG_ACCOUNT_ID: z.string().min(1).default('default'),
  DEV_CREW_MODEL_CATALOG_REFRESH_SECONDS: whole(1).default(600),
  DEV_CREW_MODEL_CATALOG_AUTO_REFRESH: flag.default('1'),
  DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH: flag.default('1'),
  DEV_CREW_MODEL_CATALOG_HTTP_TIMEOUT_SECONDS: whole(1).default(10),
  DEV_CREW_LLM_USAGE_WINDOW_MINUTES: whole(1).default(60),
  DEV_CREW_LLM_REQUEST_TIMEOUT_SECONDS: whole(1).default(60),
  DEV_CREW_CODEX_CLIENT_VERSION: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'takes a version such as 1.2.3')
    .optional(),
};
const plainSchema = z.object(plainVariables);

export interface Environment {
  /** Absolute; relative paths in the environment are meant from `DEV_CREW_WORKSPACE_ROOT`. */
  workspaceRoot: string;
  dbPath: string;
  auditPath: string;
  escalationPath: string;
  /** Settings that the environment fixes, and by which variable. */
  fixed: Partial<Settings>;
  fixedBy: Record<string, string>;
  catalog: {
    accountId: string;
    refreshSeconds: number;
    autoRefresh: boolean;
    startupRefresh: boolean;
    httpTimeoutSeconds: number;
  };
  usageWindowMinutes: number;
  requestTimeoutMs: number;
  /** What the Codex backend is told to speak to; null for the version shipped. */
  codexClientVersion: string | null;
  endpoints: Endpoints;
  /** Proxies for all outgoing HTTP; empty for none. */
  proxies: { httpProxy: string; httpsProxy: string; noProxy: string };
  oauth: OAuthEnvironment;
}

/**
 * Reads the environment once, at start. Database, audit and escalations are in `recordsFolder` unless it says otherwise.
 * A value that does not parse is an error that names the variable.
 */
export function readEnvironment(env: Env, cwd: string, recordsFolder: string): Result<Environment> {
  const plain = plainSchema.safeParse(present(env));
  if (!plain.success) {
    const issue = plain.error.issues[0];
    return invalid(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'is not valid');
  }
  const settings = fixedSettings(env);
  if (!settings.ok) return settings;
  const proxies = readProxies(env);
  if (!proxies.ok) return proxies;
  const endpoints = readEndpoints(env);
  if (!endpoints.ok) return endpoints;
  const values = plain.data;
  const workspaceRoot = resolve(cwd, env.DEV_CREW_WORKSPACE_ROOT || '.');
  const oauth = readOAuthEnvironment(env, workspaceRoot);
  if (!oauth.ok) return oauth;
  const path = (variable: string, name: string): string =>
    env[variable] ? resolve(workspaceRoot, env[variable]) : join(recordsFolder, name);
  const mode = fixedMode(values);
  if (mode) {
    settings.value.fixed.default_mode = mode.mode;
    settings.value.fixedBy.default_mode = mode.variable;
  }
  return ok({
    workspaceRoot,
    dbPath: path('DEV_CREW_DB_PATH', 'jobs.db'),
    auditPath: path('DEV_CREW_AUDIT_LOG_PATH', 'audit.log'),
    escalationPath: path('DEV_CREW_ESCALATION_LOG_PATH', 'escalations.log'),
    ...settings.value,
    catalog: {
      accountId: values.DEV_CREW_MODEL_CATALOG_ACCOUNT_ID,
      refreshSeconds: values.DEV_CREW_MODEL_CATALOG_REFRESH_SECONDS,
      autoRefresh: values.DEV_CREW_MODEL_CATALOG_AUTO_REFRESH === '1',
      startupRefresh: values.DEV_CREW_MODEL_CATALOG_STARTUP_REFRESH === '1',
      httpTimeoutSeconds: values.DEV_CREW_MODEL_CATALOG_HTTP_TIMEOUT_SECONDS,
    },
    usageWindowMinutes: values.DEV_CREW_LLM_USAGE_WINDOW_MINUTES,
    requestTimeoutMs: values.DEV_CREW_LLM_REQUEST_TIMEOUT_SECONDS * 1000,
    codexClientVersion: values.DEV_CREW_CODEX_CLIENT_VERSION ?? null,
    endpoints: endpoints.value,
    proxies: proxies.value,
    oauth: oauth.value,
  });
}

/** An empty variable counts as not set. */
const present = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/** What the two dry-run switches of compatibility.md §4 fix; nothing when neither is set. */
function fixedMode(
  values: z.infer<typeof plainSchema>,
): { mode: Settings['default_mode']; variable: string } | null {
  if (values.DEV_CREW_USE_CREWAI === '0') return { mode: 'dry_run', variable: 'DEV_CREW_USE_CREWAI' };
  if (values.DEV_CREW_CREWAI_DRY_RUN === '1') return { mode: 'dry_run', variable: 'DEV_CREW_CREWAI_DRY_RUN' };
  if (values.DEV_CREW_CREWAI_DRY_RUN === '0') {
    const live = values.DEV_CREW_DOCKER_DRY_RUN === '0';
    return live
      ? { mode: 'live', variable: 'DEV_CREW_DOCKER_DRY_RUN' }
      : { mode: 'plan_only', variable: 'DEV_CREW_CREWAI_DRY_RUN' };
  }
  return null;
}

function fixedSettings(env: Env): Result<{ fixed: Partial<Settings>; fixedBy: Record<string, string> }> {
  const fixed: Record<string, unknown> = {};
  const fixedBy: Record<string, string> = {};
  for (const { variable, setting, numeric } of settingVariables) {
    const raw = env[variable];
    if (!raw || setting in fixed) continue;
    const parsed = settingsSchema.shape[setting].safeParse(numeric ? Number(raw) : raw);
    if (!parsed.success) return invalid(variable, parsed.error.issues[0]?.message ?? 'is not valid');
    fixed[setting] = parsed.data;
    fixedBy[setting] = variable;
  }
  return ok({ fixed: fixed, fixedBy });
}

function invalid(variable: string, message: string): Result<never> {
  return err({ code: 'invalid_input', message: `${variable}: ${message}` });
}

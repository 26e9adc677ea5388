import { err, ok, type Err, type Result } from '../../shared/errors.ts';
import { settingsPatchSchema } from '../../shared/operations.ts';
import { settingsSchema, type Settings, type SettingsView } from '../../shared/settings.ts';
import { parseBaseUrl } from '../domain/base-url.ts';
import type { Environment } from './environment.ts';
import type { Store } from './ports/store.ts';

export interface SettingsService {
  current(): Settings;
  view(): SettingsView;
  update(values: Record<string, unknown>): Result<SettingsView>;
}

const key = 'settings';

/** Environment over stored over default. Stored values that a later version no longer takes fall back to the default. */
export function createSettings(
  store: Store,
  environment: Pick<Environment, 'fixed' | 'fixedBy'>,
): SettingsService {
  let cached: Settings | null = null;
  const stored = (): Record<string, unknown> => {
    const value = store.tables.values.get(key);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  };
  const current = (): Settings => {
    cached ??= { ...settingsSchema.parse(onlyValid(stored())), ...environment.fixed };
    return cached;
  };
  const view = (): SettingsView => {
    const { ollama_base_url: address, ...values } = current();
    const base = parseBaseUrl(address);
    return {
      values: { ...values, ollama_base_url: base?.url ?? address },
      fixed: environment.fixedBy,
      warnings: base === null || base.warnings.length === 0 ? {} : { ollama_base_url: base.warnings },
    };
  };
  return {
    current,
    view,
    update: (values) => {
      const parsed = settingsPatchSchema.safeParse(values);
      if (!parsed.success)
        return err({ code: 'invalid_input', message: 'settings not valid', fields: fieldsOf(parsed.error) });
      const patch = Object.fromEntries(
        Object.entries(parsed.data).filter(([, value]) => value !== undefined),
      );
      const fixed = Object.keys(patch).find((name) => name in environment.fixedBy);
      if (fixed) {
        return err({
          code: 'conflict',
          message: `${fixed} is set by ${environment.fixedBy[fixed]}: change it there`,
        });
      }
      const secret = passwordIn(parsed.data);
      if (secret) return secret;
      store.transaction((tables) => tables.values.set(key, { ...stored(), ...patch }));
      cached = null;
      return ok(view());
    },
  };
}

/** Settings are kept and shown in plain text. */
function passwordIn({ ollama_base_url: address }: Partial<Settings>): Err | null {
  const base = address === undefined ? null : parseBaseUrl(address);
  if (base === null || base.authorization === null) return null;
  const msg = `takes no password: settings are kept in plain text. Set DEV_CREW_OLLAMA_BASE_URL to the whole address instead, or write ${base.url}`;
  const loc = ['body', 'values', 'ollama_base_url'];
  return err({
    code: 'invalid_input',
    message: `ollama_base_url ${msg}`,
    fields: [{ loc, msg, type: 'custom' }],
  });
}

function onlyValid(values: Record<string, unknown>): Record<string, unknown> {
  const shape: Record<string, { safeParse(value: unknown): { success: boolean } } | undefined> =
    settingsSchema.shape;
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => shape[name]?.safeParse(value).success),
  );
}

function fieldsOf(error: { issues: readonly { path: PropertyKey[]; message: string; code: string }[] }) {
  return error.issues.map((issue) => ({
    loc: ['body', 'values', ...issue.path.map(String)],
    msg: issue.message,
    type: issue.code,
  }));
}

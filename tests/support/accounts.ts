import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeAccounts } from '../../src/main/compose-accounts.ts';
import { createEventBus, type SignedOut } from '../../src/main/app/event-bus.ts';
import { readEnvironment } from '../../src/main/app/environment.ts';
import type { ModelLister } from '../../src/main/app/ports/model.ts';
import type { Store } from '../../src/main/app/ports/store.ts';
import type { Clock } from '../../src/main/app/ports/system.ts';
import { createRedactor } from '../../src/main/infra/redaction/redactor.ts';
import { createSqliteStore } from '../../src/main/infra/sqlite/create-sqlite-store.ts';
import { createRandomIds, createSystemClock } from '../../src/main/infra/system/clock.ts';
import { createProcessFacts } from '../../src/main/infra/system/process-facts.ts';
import { settingsSchema } from '../../src/shared/settings.ts';
import { operations, type InputOf, type OperationName, type OutputOf } from '../../src/shared/operations.ts';
import type { Result } from '../../src/shared/errors.ts';

type AccountOperation = Extract<OperationName, `accounts.${string}`>;

/** Sign-in as the engine composes it, without the rest of the engine. */
export interface TestAccounts {
  store: Store;
  credentials: ReturnType<typeof unwrapped>['credentials'];
  redactor: ReturnType<typeof createRedactor>;
  /** Accounts that were signed out for good. */
  signedOut: SignedOut[];
  /** Everything logged. */
  logged: string[];
  attempt<N extends AccountOperation>(name: N, input: InputOf<N>): Promise<Result<OutputOf<N>>>;
  /** Throws the error's message when the operation fails. */
  call<N extends AccountOperation>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const unwrapped = (result: ReturnType<typeof composeAccounts>) => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

export function openAccounts(options: {
  dataFolder: string;
  env: Record<string, string | undefined>;
  cwd?: string;
  clock?: Clock;
  listers?: readonly ModelLister[];
  consented?: boolean;
}): TestAccounts {
  const { dataFolder, env, clock = createSystemClock(), listers = [], consented = false } = options;
  const environment = readEnvironment(env, options.cwd ?? join(dataFolder, 'work'), dataFolder);
  if (!environment.ok) throw new Error(environment.error.message);
  const opened = createSqliteStore({ path: environment.value.dbPath });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const redactor = createRedactor();
  const logged: string[] = [];
  const write = (message: string, fields: Record<string, unknown> = {}): void =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const bus = createEventBus((error) => console.error(error));
  const signedOut: SignedOut[] = [];
  bus.onSignedOut((notice) => signedOut.push(notice));
  const accounts = unwrapped(
    composeAccounts({
      environment: environment.value,
      env,
      dataFolder,
      store,
      clock,
      ids: createRandomIds(),
      facts: createProcessFacts(),
      log: { info: write, warn: write, error: write },
      redactor,
      settings: () => ({ ...settingsSchema.parse({}), antigravity_consent: consented }),
      bus,
      listers: () => listers,
    }),
  );
  const attempt: TestAccounts['attempt'] = async (name, input) => {
    const handle = accounts.handlers[name] as (i: unknown, s: AbortSignal) => Promise<Result<never>>;
    const result = await handle(operations[name].input.parse(input), new AbortController().signal);
    if (result.ok) operations[name].output.parse(result.value);
    return result;
  };
  return {
    store,
    credentials: accounts.credentials,
    redactor,
    signedOut,
    logged,
    attempt,
    call: async (name, input) => {
      const result = await attempt(name, input);
      if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
      return result.value;
    },
    start: accounts.start,
    stop: async () => {
      await accounts.stop();
      store.close();
    },
  };
}

/** A data folder with a token file beside it, both removed by `remove`. */
export function accountFolder(): { folder: string; tokenPath: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'crew-accounts-'));
  return {
    folder: join(root, 'data'),
    tokenPath: join(root, 'tokens', 'tokens.json'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

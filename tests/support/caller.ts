import { createModelCaller, type ModelCallerDeps } from '../../src/main/app/model-caller.ts';
import { createPrices } from '../../src/main/app/models/prices.ts';
import type { AccountRow } from '../../src/main/app/ports/account-store.ts';
import type { Credential, Credentials } from '../../src/main/app/ports/credentials.ts';
import type { ModelPort } from '../../src/main/app/ports/model.ts';
import type { UsageCall } from '../../src/main/app/ports/money-store.ts';
import type { Store } from '../../src/main/app/ports/store.ts';
import type { Log, ProcessFacts } from '../../src/main/app/ports/system.ts';
import { createLedger, type Ledger } from '../../src/main/app/usage/ledger.ts';
import { accountLimitOf } from '../../src/main/app/usage/limits.ts';
import type { ModelEvent } from '../../src/main/domain/model-messages.ts';
import { createRandomIds } from '../../src/main/infra/system/clock.ts';
import { settingsSchema, type Settings } from '../../src/shared/settings.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const localFacts: ProcessFacts = { hostname: 'here', pid: process.pid, isAlive: () => true };

export interface TestCaller {
  clock: ManualClock;
  store: Store;
  ledger: Ledger;
  call: ReturnType<typeof createModelCaller>['call'];
  /** Every attempt, in order. */
  usage(): UsageCall[];
  /** Text as it streamed. */
  deltas: string[];
  settings: Settings;
}

export type CallerOptions = Partial<Omit<ModelCallerDeps, 'settings' | 'clock'>> & {
  clock?: ManualClock;
  store: Store;
  model: ModelPort;
  settings?: Partial<Settings>;
  account?: AccountRow;
};

/** The model caller on a real store, with a clock that a test moves; accounts answer as `openCredentials` unless given. */
export function makeCaller({ store, model, settings, account, ...options }: CallerOptions): TestCaller {
  const { clock = createManualClock() } = options;
  const current = settingsSchema.parse(settings ?? {});
  const deltas: string[] = [];
  const ledger = createLedger({
    store,
    clock,
    ids: createRandomIds(),
    facts: localFacts,
    owner: `here:${process.pid}:test`,
    settings: () => current,
    accountLimit: () => accountLimitOf(account ?? null),
  });
  const { call } = createModelCaller({
    model,
    ledger,
    random: () => 0,
    log: silentLog,
    credentials: openCredentials(),
    prices: createPrices({ store, clock, listed: () => ({ models: [], atMs: null }) }),
    listed: () => null,
    settings: () => current,
    onForeign: () => () => undefined,
    onDelta: ({ jobId, agent, role, text: delta }) => deltas.push(`${jobId} ${agent} ${role} ${delta}`),
    ...options,
    clock,
  });
  const usage = (): UsageCall[] =>
    store.tables.usage.page({ from: '', to: '9999', afterPosition: 0, limit: 1000 });
  return { clock, store, ledger, call, usage, deltas, settings: current };
}

/** An account of every provider that has no faults. */
export function openCredentials(change: Partial<Credentials> = {}): Credentials {
  const credential = (provider: Credential['provider'], secret: string): Credential => ({
    provider,
    accountId: 'default',
    kind: provider === 'ollama' ? 'none' : 'api_key',
    secret,
    baseUrl: null,
    facts: {},
  });
  return {
    active: async (provider) => ({ ok: true, value: credential(provider, 'first secret') }),
    renew: async ({ provider }) => ({ ok: true, value: credential(provider, 'second secret') }),
    gate: () => undefined,
    observe: () => undefined,
    ...change,
  };
}

export const text = (delta: string): ModelEvent => ({ type: 'text', delta });

/** The end of an answer that had so many tokens. */
export const done = (promptTokens = 5, completionTokens = 2): ModelEvent => ({
  type: 'done',
  finishReason: 'stop',
  usage: { promptTokens, cachedTokens: 0, completionTokens, reasoningTokens: 0, estimated: false },
});

export const silence = 'silence' as const;

/** A port that plays one list a call; `silence` waits for the abort. The last list is played again and again. */
export function portOf(...plays: (ModelEvent | typeof silence)[][]): ModelPort & {
  calls: number;
  /** Models asked for, in order. */
  models: string[];
  requests: Parameters<ModelPort['stream']>[0][];
} {
  const port = {
    calls: 0,
    models: [] as string[],
    requests: [] as Parameters<ModelPort['stream']>[0][],
    async *stream(
      request: Parameters<ModelPort['stream']>[0],
      signal: AbortSignal,
    ): AsyncGenerator<ModelEvent> {
      const play = plays[Math.min(port.calls, plays.length - 1)] ?? [];
      port.calls += 1;
      port.models.push(request.model);
      port.requests.push(request);
      for (const event of play) {
        if (event !== silence) {
          yield event;
          continue;
        }
        await new Promise((resolve) => {
          if (signal.aborted) resolve(null);
          else signal.addEventListener('abort', resolve, { once: true });
        });
        yield { type: 'error', error: { kind: 'canceled', message: 'canceled' } };
        return;
      }
    },
  };
  return port;
}

/** Moves the clock from sleeper to sleeper until the answer is there; tells how long that took. */
export async function settled<T>(clock: ManualClock, answer: Promise<T>) {
  const startMs = clock.now();
  let over = false;
  void answer.finally(() => (over = true)).catch(() => undefined);
  for (;;) {
    // A commit takes turns of its own, during which nobody may be woken early.
    for (let turn = 0; turn < 8 && !over; turn += 1) await clock.advance(0);
    if (over) break;
    await clock.advanceToNext();
  }
  return { answer: await answer, tookMs: clock.now() - startMs };
}

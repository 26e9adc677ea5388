import { afterEach, describe, expect, it } from 'vitest';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import { StoreUnavailable, type Store } from '../../../src/main/app/ports/store.ts';
import type { ModelEvent } from '../../../src/main/domain/model-messages.ts';
import { retryLimits } from '../../../src/main/domain/retry.ts';
import { createModelRouter } from '../../../src/main/infra/llm/model-router.ts';
import { createOllamaModel } from '../../../src/main/infra/llm/ollama-model.ts';
import {
  done,
  makeCaller,
  portOf,
  settled,
  silence,
  text,
  type CallerOptions,
} from '../../support/caller.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startModelServer, type ModelServer } from '../../support/model-server/server.ts';
import type { ScriptInput } from '../../support/model-server/script.ts';
import { newStore } from '../sqlite/support.ts';
import { aRequest, never, silentLog } from './fixtures.ts';

const callRequest = (jobId = 'job-1') => ({
  ...aRequest(),
  jobId,
  role: 'backend' as const,
  agent: 'task:t1',
});

const busy: ModelEvent = {
  type: 'error',
  error: { kind: 'overloaded', message: 'busy', retryAfterMs: null },
};

function setUp(model: ModelPort, options: Partial<CallerOptions> = {}) {
  let told: (waitMs: unknown) => void = () => undefined;
  /** The wait before the next attempt, as logged when it begins. */
  const retryWait = new Promise<unknown>((resolve) => (told = resolve));
  const log = {
    ...silentLog,
    warn: (_: string, fields?: Record<string, unknown>) => told(fields?.['wait_ms']),
  };
  return { retryWait, ...makeCaller({ store: newStore(), model, log, ...options }) };
}

describe('a model call', () => {
  it('gives text and tool calls, passes deltas on, and counts the tokens', async () => {
    const toolCall = { callId: 'a', name: 'finish', input: { summary: 'ok' } };
    const port = portOf([text('I '), text('am'), { type: 'tool_call', call: toolCall }, done()]);
    const { call, deltas, usage } = setUp(port);
    const answer = await call(callRequest(), never());
    expect(answer).toMatchObject({ ok: true, text: 'I am', toolCalls: [toolCall] });
    expect(deltas).toEqual(['job-1 task:t1 backend I ', 'job-1 task:t1 backend am']);
    expect(usage()).toMatchObject([
      {
        provider: 'ollama',
        model: 'llama3.1:8b',
        jobId: 'job-1',
        role: 'backend',
        promptTokens: 5,
        completionTokens: 2,
        estimated: false,
        outcome: 'success',
      },
    ]);
  });

  it('is tried again after a failure that may pass, with growing waits, and each try is counted', async () => {
    const port = portOf([busy], [busy], [busy], [text('ok'), done()]);
    const { call, clock, usage } = setUp(port, { random: () => 0.999_999_999 });
    const { answer, tookMs } = await settled(clock, call(callRequest(), never()));
    expect(answer).toMatchObject({ ok: true, text: 'ok' });
    expect(tookMs).toBe(7000);
    expect(usage().map((row) => row.outcome)).toEqual(['error', 'error', 'error', 'success']);
  });

  it('is given up after five tries', async () => {
    const port = portOf([busy]);
    const { call, clock } = setUp(port);
    const { answer } = await settled(clock, call(callRequest(), never()));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'overloaded' } });
    expect(JSON.stringify(answer)).toContain('after 5 attempts');
    expect(port.calls).toBe(5);
  });

  it('is not tried again once text was delivered, or when the failure is final', async () => {
    const partly = setUp(portOf([text('half'), busy]));
    expect(await partly.call(callRequest(), never())).toMatchObject({ ok: false });
    expect(partly.usage()).toMatchObject([{ outcome: 'error', estimated: true, completionTokens: 1 }]);
    const port = portOf([{ type: 'error', error: { kind: 'model_not_found', message: 'absent' } }]);
    const absent = setUp(port);
    expect(await absent.call(callRequest(), never())).toMatchObject({ error: { message: 'absent' } });
    expect(port.calls).toBe(1);
  });

  it('is ended after 60 s of silence and 120 s in all', async () => {
    const { call, clock, usage } = setUp(portOf([silence]));
    const { answer, tookMs } = await settled(clock, call(callRequest(), never()));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'network' } });
    expect(tookMs).toBe(120_000);
    expect(usage().map((row) => row.durationMs)).toEqual([60_000, 59_500]);
  });

  it('may take long while text goes on coming, and is ended when it stops', async () => {
    const clock = createManualClock();
    const words = Array.from({ length: 10 }, (_, index) => text(`${index} `));
    const slow: ModelPort = {
      async *stream(_request, signal) {
        for (const word of words) {
          await clock.sleep(50_000, signal).catch(() => undefined);
          if (signal.aborted) break;
          yield word;
        }
        yield signal.aborted ? { type: 'error', error: { kind: 'canceled', message: '' } } : done();
      },
    };
    const patient = setUp(slow, { clock });
    const whole = await settled(clock, patient.call(callRequest(), never()));
    expect(whole).toMatchObject({ answer: { ok: true }, tookMs: 500_000 });
    const strict = setUp(slow, { clock, limits: { ...retryLimits(), answerMs: 120_000 } });
    const cut = await settled(clock, strict.call(callRequest(), never()));
    expect(cut).toMatchObject({ answer: { ok: false, error: { kind: 'network' } }, tookMs: 120_000 });
  });

  it('ends at once when aborted: in an attempt, between two, and at the rate limit', async () => {
    for (const [port, before] of [
      [portOf([silence]), 0],
      [portOf([busy]), 0],
      [portOf([text('ok'), done()]), 10],
    ] as const) {
      const { call, clock } = setUp(port);
      for (let index = 0; index < before; index += 1) await call(callRequest(), never());
      const controller = new AbortController();
      const answer = call(callRequest(), controller.signal);
      await clock.untilSleeping(1);
      controller.abort();
      expect(await answer).toMatchObject({ ok: false, error: { kind: 'canceled' } });
      expect(clock.sleeping).toBe(0);
    }
  });

  it('keeps a job to 30 a minute after its first ten, without holding up another', async () => {
    const port = portOf([text('ok'), done()]);
    const { call, clock } = setUp(port);
    const calls = Array.from({ length: 13 }, () => call(callRequest('busy'), never()));
    await clock.untilSleeping(3);
    await Promise.all(calls.slice(0, 10));
    expect(port.calls).toBe(10);
    // The other waits for the system's limit only, half a second, not for the busy job's.
    const other = await settled(clock, call(callRequest('other'), never()));
    expect(other.tookMs).toBe(500);
    const { tookMs } = await settled(clock, Promise.all(calls));
    expect(tookMs).toBe(5500);
  });

  it('gives the answer even where its usage cannot be stored, and stores it later', async () => {
    const errors: string[] = [];
    const store = newStore();
    const full = new StoreUnavailable({ code: 'unavailable', message: 'disk full' });
    let isFull = false;
    const filling: Store = {
      ...store,
      commit: (work) => (isFull ? Promise.reject(full) : store.commit(work)),
    };
    const port = portOf([text('ok'), done()]);
    const { call, usage, ledger } = setUp(
      { stream: (...args) => ((isFull = true), port.stream(...args)) },
      { store: filling, log: { ...silentLog, error: (message) => errors.push(message) } },
    );
    expect(await call(callRequest(), never())).toMatchObject({ ok: true });
    expect(errors).toEqual(['usage could not be stored']);
    expect(usage()).toEqual([]);
    expect(store.tables.ledger.ofJob('job-1').reserved.tokens).toBeGreaterThan(8192);
    // Without room for the reservation there is no call: nobody could say what it came to.
    await expect(call(callRequest(), never())).rejects.toBe(full);
    expect(port.calls).toBe(1);
    isFull = false;
    await ledger.settle('unknown', null, usageOf());
    expect(usage()).toMatchObject([{ promptTokens: 5, outcome: 'success' }]);
    expect(store.tables.ledger.ofJob('job-1')).toMatchObject({
      spent: { tokens: 7 },
      reserved: { tokens: 0 },
    });
  });
});

const usageOf = () => ({
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  estimated: true,
  outcome: 'error' as const,
  errorKind: null,
  firstTokenMs: null,
  durationMs: 0,
});

describe('a model call over HTTP', () => {
  let server: ModelServer | null = null;
  afterEach(() => server?.close());

  const open = async (script: ScriptInput) => {
    const running = await startModelServer(script);
    server = running;
    const model = createModelRouter({ ollama: createOllamaModel({ baseUrl: () => running.url }) });
    return { running, ...setUp(model) };
  };

  it('waits as long as the server asks', async () => {
    const fault = 'status' as const;
    const { call, clock, retryWait } = await open({
      exchanges: [
        { name: 'busy', reply: { fault, status: 429, headers: { 'retry-after': '20' } } },
        { name: 'ok', reply: { text: 'ok' } },
      ],
    });
    const answer = call(callRequest(), never());
    expect(await retryWait).toBe(20_000);
    await clock.advance(20_000);
    expect(await answer).toMatchObject({ ok: true, text: 'ok' });
  });

  it('closes the connection of an attempt that is silent for too long', async () => {
    const { call, clock, running, retryWait } = await open({
      exchanges: [
        { name: 'hang', reply: { fault: 'hang', headers: false } },
        { name: 'ok', reply: { text: 'ok' } },
      ],
    });
    const answer = call(callRequest(), never());
    await running.until((state) => state.requests.length === 1);
    await clock.advance(60_000);
    await running.until((state) => state.requests[0]?.end === 'aborted');
    await retryWait;
    await clock.advance(1000);
    expect(await answer).toMatchObject({ ok: true, text: 'ok' });
    running.assertDone();
  });
});

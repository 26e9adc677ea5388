import { describe, expect, it } from 'vitest';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import type { ModelEvent } from '../../../src/main/domain/model-messages.ts';
import { done, openCredentials, portOf, settled, text } from '../../support/caller.ts';
import { fault, never, ofJob, request, setUp } from './caller.ts';

describe('an account', () => {
  const expired = fault({ kind: 'auth_expired', message: '401' });

  it('is renewed once after a 401, and the call made again at once', async () => {
    const port = portOf([expired], [text('ok'), done()]);
    const harness = setUp(port);
    expect(await harness.call(request(), never())).toMatchObject({ ok: true });
    expect(port.requests.map((sent) => sent.credential?.secret)).toEqual(['first secret', 'second secret']);
    expect(harness.clock.sleeping).toBe(0);
  });

  it('that is refused for good lets the job wait for a sign-in, without keeping the secret', async () => {
    const harness = setUp(portOf([expired]));
    const answer = await harness.call(request(), never());
    expect(answer).toMatchObject({
      ok: false,
      wait: { kind: 'sign_in', provider: 'openai', accountId: 'default' },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    const nobody = setUp(portOf([]), {
      credentials: openCredentials({
        active: async () => ({ ok: false, error: { kind: 'auth_invalid', message: 'Sign in to OpenAI.' } }),
      }),
    });
    expect(await nobody.call(request(), never())).toMatchObject({
      wait: { kind: 'sign_in', refused: null, reason: 'Sign in to OpenAI.' },
    });
  });

  it('without quota is gated, and the job waits until the reset', async () => {
    const gated: unknown[] = [];
    const credentials = openCredentials({ gate: ({ provider }, untilMs) => gated.push([provider, untilMs]) });
    const inAnHour = Date.UTC(2026, 10, 22, 1);
    const port = portOf([fault({ kind: 'quota_exhausted', resetsAtMs: inAnHour, message: 'used up' })]);
    const harness = setUp(port, { credentials });
    expect(await harness.call(request(), never())).toMatchObject({
      wait: { kind: 'quota', provider: 'openai', accountId: 'default', untilMs: inAnHour },
    });
    expect(gated).toEqual([['openai', inAnHour]]);
    expect(ofJob(harness.store).spent.tokens).toBe(0);
  });

  it('is never called again at once because a clock is wrong', async () => {
    const past = Date.UTC(2020, 0, 1);
    const harness = setUp(portOf([fault({ kind: 'quota_exhausted', resetsAtMs: past, message: 'used up' })]));
    const answer = await harness.call(request(), never());
    expect(answer).toMatchObject({ wait: { untilMs: harness.clock.now() + 60_000 } });
  });

  it('that must pause longer than a call may take waits like one without quota', async () => {
    const pause = (retryAfterMs: number): ModelEvent =>
      fault({ kind: 'rate_limited', retryAfterMs, message: 'slow down' });
    const long = setUp(portOf([pause(600_000)]));
    expect(await long.call(request(), never())).toMatchObject({ wait: { kind: 'quota' } });
    const short = setUp(portOf([pause(20_000)], [text('ok'), done()]));
    const { answer, tookMs } = await settled(short.clock, short.call(request(), never()));
    expect([answer.ok, tookMs]).toEqual([true, 20_000]);
  });

  it('that was told to pause is left alone by the other jobs on it, and by no others', async () => {
    const pause = fault({ kind: 'rate_limited', retryAfterMs: 20_000, message: 'slow down' });
    const port = portOf([pause], [text('ok'), done()]);
    const retrying = Promise.withResolvers<null>();
    const log = { info: () => undefined, warn: () => retrying.resolve(null), error: () => undefined };
    const harness = setUp(port, { log });
    const first = harness.call(request(), never());
    await retrying.promise;
    const other = harness.call(request({ jobId: 'b' }), never());
    await harness.clock.untilSleeping(2);
    expect(port.calls).toBe(1);
    const free = await harness.call(request({ jobId: 'c', model: 'anthropic/claude-opus-5' }), never());
    expect(free).toMatchObject({ ok: true });
    const { tookMs } = await settled(harness.clock, Promise.all([first, other]));
    expect(tookMs).toBe(20_000);
  });

  it('makes 60 calls a minute after its first ten, whatever the number of its jobs', async () => {
    const port = portOf([text('ok'), done()]);
    const harness = setUp(port);
    const calls = Array.from({ length: 12 }, (_, index) =>
      harness.call(request({ jobId: `job-${index}` }), never()),
    );
    expect((await settled(harness.clock, Promise.all(calls))).tookMs).toBe(2000);
  });

  it('shows what its provider said of the plan', async () => {
    const quota = { plan: 'plus', windows: [{ label: '5 h', usedPercent: 40, resetAtMs: null }] };
    const end = done();
    const observed: unknown[] = [];
    const port = portOf([text('ok'), end.type === 'done' ? { ...end, quota } : end]);
    const harness = setUp(port, {
      credentials: openCredentials({ observe: (_, reading) => observed.push(reading) }),
    });
    await harness.call(request(), never());
    expect(observed).toEqual([quota]);
  });
});

describe('a fallback model', () => {
  const exhausted = fault({ kind: 'quota_exhausted', resetsAtMs: null, message: 'used up' });
  /** OpenAI has nothing left; everything else answers. */
  const port = (): ModelPort & { used: string[] } => {
    const used: string[] = [];
    return {
      used,
      async *stream(sent) {
        used.push(sent.model);
        if (sent.model.startsWith('openai/')) yield exhausted;
        else {
          yield text('ok');
          yield done();
        }
      },
    };
  };

  it('is used only if the user set one, and says so once', async () => {
    const without = setUp(port());
    expect(await without.call(request(), never())).toMatchObject({ ok: false, wait: { kind: 'quota' } });
    const model = port();
    const harness = setUp(model, { settings: { fallback_model: 'ollama/qwen3' } });
    const first = await harness.call(request(), never());
    expect(first).toMatchObject({ ok: true });
    expect(JSON.stringify(first)).toContain('The fallback model ollama/qwen3 is used instead');
    expect(await harness.call(request(), never())).not.toHaveProperty('notice');
    expect(model.used).toEqual(['openai/gpt-5', 'ollama/qwen3', 'openai/gpt-5', 'ollama/qwen3']);
    expect(harness.usage().at(-1)).toMatchObject({ provider: 'ollama', model: 'qwen3', outcome: 'success' });
  });

  it('is left when the model has quota again, which is said too', async () => {
    let isBack = false;
    const harness = setUp(
      {
        async *stream(sent) {
          if (sent.model.startsWith('openai/') && !isBack) yield exhausted;
          else {
            yield text('ok');
            yield done();
          }
        },
      },
      { settings: { fallback_model: 'ollama/qwen3' } },
    );
    await harness.call(request(), never());
    isBack = true;
    expect(await harness.call(request(), never())).toMatchObject({
      notice: 'openai/gpt-5 has quota again and is used.',
    });
    expect(await harness.call(request(), never())).not.toHaveProperty('notice');
  });

  it('that cannot help leaves the job waiting for the quota', async () => {
    const model = port();
    const same = setUp(model, { settings: { fallback_model: 'openai/gpt-5' } });
    expect(await same.call(request(), never())).toMatchObject({ wait: { kind: 'quota' } });
    expect(model.used).toHaveLength(1);
    const unknown = setUp(port(), { settings: { fallback_model: 'nonsense' } });
    expect(await unknown.call(request(), never())).toMatchObject({
      wait: { kind: 'quota', provider: 'openai' },
    });
    const both = setUp(port(), { settings: { fallback_model: 'openai/gpt-5-mini' } });
    expect(await both.call(request(), never())).toMatchObject({ wait: { kind: 'quota' } });
  });
});

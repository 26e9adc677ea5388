import { describe, expect, it } from 'vitest';
import type { AccountRow } from '../../../src/main/app/ports/account-store.ts';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import type { Booked } from '../../../src/main/domain/ledger.ts';
import { done, portOf, settled, silence, text } from '../../support/caller.ts';
import { fault, never, ofJob, request, setUp, withUsage } from './caller.ts';

describe('the money of a call', () => {
  it('is reserved at its worst case before it, and settled at its real cost after it', async () => {
    const inner = portOf([
      text('ok'),
      withUsage({ promptTokens: 1000, cachedTokens: 600, completionTokens: 50 }),
    ]);
    const seen: Booked[] = [];
    const harness = setUp({
      stream: (...args) => {
        seen.push(ofJob(harness.store));
        return inner.stream(...args);
      },
    });
    await harness.call(request(), never());
    const [before] = seen;
    expect(before?.spent).toEqual({ tokens: 0, micros: 0, unpricedCalls: 0 });
    // Prompt by its bytes at 1.25 × $1.25, and 8,192 tokens of output at $10.
    expect(before?.reserved.tokens).toBeGreaterThan(8192 + 30);
    expect(before?.reserved.micros).toBeGreaterThan(81_920);
    // 400 × 1.25 + 600 × 0.125 + 50 × 10 micro-dollars
    expect(ofJob(harness.store)).toMatchObject({
      spent: { tokens: 1050, micros: 1075 },
      reserved: { tokens: 0, micros: 0 },
    });
    expect(harness.usage()).toMatchObject([
      { accountId: 'default', cachedTokens: 600, costMicros: 1075, outcome: 'success', firstTokenMs: 0 },
    ]);
  });

  it('is bound by the output that was asked for: the setting, or less where the model has less', async () => {
    const port = portOf([text('ok'), done()]);
    const listed = {
      modelId: 'm',
      displayName: 'm',
      contextWindowTokens: null,
      maxOutputTokens: 1000,
      metadata: {},
    };
    const harness = setUp(port, {
      settings: { max_output_tokens: 4000 },
      listed: ({ modelId }) => (modelId === 'small' ? listed : null),
    });
    await harness.call(request(), never());
    await harness.call(request({ model: 'openai/small' }), never());
    await harness.call(request({ model: 'chatgpt/gpt-5' }), never());
    expect(port.requests.map((sent) => sent.maxOutputTokens)).toEqual([4000, 1000, undefined]);
  });

  it('is what the provider says where it does, and never an odd number', async () => {
    const odd = { promptTokens: Number.NaN, completionTokens: -5, costUsd: -1 };
    const huge = { promptTokens: 1e300, completionTokens: Infinity, costUsd: 1e300 };
    const told = { promptTokens: 10, completionTokens: 10, costUsd: 0.0000014 };
    const port = portOf(
      [text('a'), withUsage(told)],
      [text('b'), withUsage(odd)],
      [text('c'), withUsage(huge)],
    );
    const harness = setUp(port);
    await harness.call(request(), never());
    expect(ofJob(harness.store).spent).toMatchObject({ tokens: 20, micros: 2 });
    await harness.call(request(), never());
    expect(ofJob(harness.store).spent).toMatchObject({ tokens: 20, micros: 2 });
    await harness.call(request(), never());
    expect(Number.isSafeInteger(ofJob(harness.store).spent.micros)).toBe(true);
  });

  it('is the worst case where nobody knows, and nothing where the provider did no work', async () => {
    const refused = fault({ kind: 'context_too_long', message: 'too long' });
    const unreached = fault({ kind: 'network', reached: false, message: 'refused' });
    const nothing = setUp(portOf([refused]));
    await nothing.call(request(), never());
    const away = setUp(portOf([unreached]));
    await settled(away.clock, away.call(request(), never()));
    for (const { store } of [nothing, away])
      expect(ofJob(store).spent).toMatchObject({ tokens: 0, micros: 0 });
    expect(away.usage()).toHaveLength(5);

    const broken = setUp(portOf([text('half an'), fault({ kind: 'network', message: 'cut off' })]));
    await broken.call(request(), never());
    expect(ofJob(broken.store)).toMatchObject({ reserved: { tokens: 0 } });
    expect(ofJob(broken.store).spent.micros).toBeGreaterThan(81_920);
    // Of the tokens only those that were seen are told.
    expect(broken.usage()).toMatchObject([{ completionTokens: 2, estimated: true, errorKind: 'network' }]);

    const uncounted = setUp(portOf([text('ok'), withUsage({ estimated: true })]));
    await uncounted.call(request(), never());
    expect(ofJob(uncounted.store).spent.tokens).toBeGreaterThan(8192);
  });

  it('is the worst case of a call that was canceled in its middle', async () => {
    const harness = setUp(portOf([text('a'), silence]));
    const controller = new AbortController();
    const answer = harness.call(request(), controller.signal);
    await harness.clock.untilSleeping(1);
    controller.abort();
    expect(await answer).toMatchObject({ error: { kind: 'canceled' } });
    expect(ofJob(harness.store)).toMatchObject({ reserved: { tokens: 0 } });
    expect(ofJob(harness.store).spent.tokens).toBeGreaterThan(8192);
  });

  it('of each retry is reserved anew', async () => {
    const busy = fault({ kind: 'overloaded', retryAfterMs: null, message: 'busy' });
    const harness = setUp(portOf([text('half'), fault({ kind: 'bad_response', message: 'broken' })]), {
      job: { maxTokens: 9500 },
    });
    await harness.call(request(), never());
    // The first try may have cost all of its bound; the second does not fit any more.
    expect(await harness.call(request(), never())).toMatchObject({ wait: { kind: 'budget' } });
    const retried = setUp(portOf([busy], [text('ok'), done()]), { job: { maxTokens: 9500 } });
    expect((await settled(retried.clock, retried.call(request(), never()))).answer).toMatchObject({
      ok: true,
    });
  });

  it('is bound closely once the provider has counted the conversation', async () => {
    const long = 'word '.repeat(10_000);
    const messages = [{ role: 'user' as const, text: long }];
    const port = portOf([text('ok'), done(10_000, 10)]);
    const harness = setUp(port, { job: { maxTokens: 90_000 } });
    expect(await harness.call(request({ messages }), never())).toMatchObject({ ok: true });
    const reserved: number[] = [];
    const next = setUp(
      { stream: (...args) => (reserved.push(ofJob(next.store).reserved.tokens), port.stream(...args)) },
      {},
    );
    await next.call(request({ messages }), never());
    const more = [...messages, { role: 'assistant' as const, text: 'ok', toolCalls: [] }];
    await next.call(request({ messages: [...more, { role: 'user', text: 'go on' }] }), never());
    expect(reserved[0]).toBeGreaterThan(50_000 + 8192);
    expect(reserved[1]).toBeLessThan(10_000 + 8192 + 300);
  });
});

describe('a call that does not fit', () => {
  it('is not made, and says which limit it would exceed by what', async () => {
    const port = portOf([text('ok'), done()]);
    const harness = setUp(port, { job: { maxCostMicros: 50_000 } });
    const answer = await harness.call(request(), never());
    expect(answer).toMatchObject({
      ok: false,
      wait: {
        kind: 'budget',
        call: { jobId: 'a', provider: 'openai', model: 'gpt-5' },
        shortfall: { scope: 'job', unit: 'micros', limit: 50_000, booked: 0 },
      },
    });
    expect(port.calls).toBe(0);
    expect(harness.usage()).toEqual([]);
    expect(JSON.stringify(answer)).toContain('$0.05');
  });

  it('is made when its price is not known: only limits of tokens hold it, and it is counted as unpriced', async () => {
    const port = portOf([text('ok'), done(100, 100)]);
    const harness = setUp(port, { job: { maxCostMicros: 1, maxTokens: 9000 } });
    const unknown = request({ model: 'openai/brand-new' });
    expect(await harness.call(unknown, never())).toMatchObject({ ok: true });
    expect(ofJob(harness.store).spent).toEqual({ tokens: 200, micros: 0, unpricedCalls: 1 });
    expect(harness.usage()).toMatchObject([{ costMicros: null }]);
    expect(await harness.call(unknown, never())).toMatchObject({ ok: true });
    expect(
      await harness.call(request({ ...unknown, agent: 'other', system: 'x'.repeat(900) }), never()),
    ).toMatchObject({
      wait: { shortfall: { unit: 'tokens' } },
    });
  });

  it('costs nothing with a model of one’s own machine, whatever the limit of cost', async () => {
    const harness = setUp(portOf([text('ok'), done()]), { job: { maxCostMicros: 0 } });
    expect(await harness.call(request({ model: 'ollama/llama3.1:8b' }), never())).toMatchObject({ ok: true });
    expect(ofJob(harness.store).spent).toMatchObject({ micros: 0, unpricedCalls: 0 });
  });

  it('waits for calls under way where their end may make room, without asking anybody', async () => {
    const gate = Promise.withResolvers<null>();
    let calls = 0;
    const port: ModelPort = {
      async *stream() {
        calls += 1;
        yield text('ok');
        if (calls === 1) await gate.promise;
        yield done();
      },
    };
    const harness = setUp(port, { settings: { day_max_tokens: 10_000 } });
    const first = harness.call(request(), never());
    await harness.clock.untilSleeping(1);
    const second = harness.call(request({ agent: 'study:qa' }), never());
    await harness.clock.advance(0);
    await harness.clock.advance(0);
    expect(calls).toBe(1);
    gate.resolve(null);
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: true });
    expect(calls).toBe(2);
  });

  it('stops waiting for others when it is aborted', async () => {
    const harness = setUp(portOf([text('ok'), silence]), { settings: { day_max_tokens: 10_000 } });
    const first = new AbortController();
    const second = new AbortController();
    const one = harness.call(request(), first.signal);
    await harness.clock.untilSleeping(1);
    const other = harness.call(request(), second.signal);
    await harness.clock.advance(0);
    second.abort();
    expect(await other).toMatchObject({ error: { kind: 'canceled' } });
    first.abort();
    await one;
  });

  it('keeps the limits of its account, and those of another do not hold it', async () => {
    const account = { maxCostUsdPerDay: 0.01, maxTokensPerDay: null } as AccountRow;
    const harness = setUp(portOf([text('ok'), done()]), { account });
    expect(await harness.call(request(), never())).toMatchObject({
      wait: { shortfall: { scope: 'account' } },
    });
  });
});

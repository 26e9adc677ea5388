import { describe, expect, it } from 'vitest';
import type { ModelPort } from '../../../src/main/app/ports/model.ts';
import { createAnthropicModel } from '../../../src/main/infra/llm/anthropic-model.ts';
import { createGoogleModel } from '../../../src/main/infra/llm/google-model.ts';
import { createOpenAICompatibleModel } from '../../../src/main/infra/llm/openai-compatible-model.ts';
import { createOpenAIModel } from '../../../src/main/infra/llm/openai-model.ts';
import { createOpenRouterModel } from '../../../src/main/infra/llm/openrouter-model.ts';
import type { ProviderDeps } from '../../../src/main/infra/llm/sdk-model.ts';
import type { ProviderId } from '../../../src/shared/models.ts';
import { credentialOf } from '../../support/credential.ts';
import { aRequest, eventsOf, fetchOf, gist } from './fixtures.ts';
import { anthropicStreams } from './recorded/anthropic.ts';
import { chatStreams, openRouterStreams } from './recorded/chat.ts';
import { geminiStreams } from './recorded/gemini.ts';
import { responsesStreams } from './recorded/responses.ts';
import type { Recorded } from './recorded/recorded.ts';

const providers: readonly [ProviderId, (deps: ProviderDeps) => ModelPort, readonly Recorded[]][] = [
  ['openai', createOpenAIModel, responsesStreams],
  ['anthropic', createAnthropicModel, anthropicStreams],
  ['google', createGoogleModel, geminiStreams],
  ['openrouter', createOpenRouterModel, openRouterStreams],
  ['openai-compatible', createOpenAICompatibleModel, chatStreams],
];

/** The first fixture of each is run through the whole adapter at each byte; the others, to be quick, at each 23rd. */
const stepOf = (index: number): number => (index === 0 ? 1 : 23);

describe.each(providers)('a stream of %s', (provider, create, streams) => {
  const run = async (chunks: readonly Uint8Array[], cut = false) =>
    gist(
      await eventsOf(
        create({ fetch: fetchOf(chunks, cut) }),
        aRequest({ model: 'm', credential: credentialOf(provider) }),
      ),
    );

  describe.each(streams.map((recorded, index) => ({ ...recorded, index })))(
    '$name',
    ({ stream, expected, index, endless }) => {
      const whole = new TextEncoder().encode(stream);
      const boundaries = Array.from(
        { length: Math.ceil(whole.length / stepOf(index)) },
        (_, at) => at * stepOf(index),
      );

      it('is understood', async () => {
        expect(await run([whole])).toMatchObject(expected);
      });

      it('is the same split at every byte, one byte at a time, and with something after its end', async () => {
        const result = await run([whole]);
        for (const at of boundaries)
          expect(await run([whole.subarray(0, at), whole.subarray(at)]), `split at ${at}`).toEqual(result);
        expect(await run(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(result);
        const late = new TextEncoder().encode('data: {"error":{"message":"late"}}\n\n');
        if (!endless) expect(await run([whole, late])).toEqual(result);
      });
    },
  );

  const [{ stream }] = streams as [Recorded];
  const whole = new TextEncoder().encode(stream);
  // From the end of its last event an answer is whole; where there may be no [DONE], from its finish reason.
  const end =
    provider === 'openai-compatible' ? stream.indexOf('"finish_reason":"tool_calls"') : stream.length - 3;
  const wholeFrom = new TextEncoder().encode(stream.slice(0, end)).length;
  // Within and between events; stream-frames.test.ts tries each byte.
  const cuts = Array.from({ length: Math.floor(wholeFrom / 23) }, (_, at) => wholeFrom - 1 - at * 23);

  it('ends in one error wherever it ends before its last event', async () => {
    for (const at of cuts) {
      const { end, calls } = await run([whole.subarray(0, at)]);
      expect(end, `ended at ${at}`).toMatchObject({ type: 'error', error: { kind: 'bad_response' } });
      expect(calls, `ended at ${at}`).toEqual([]);
    }
  });

  it('ends in one error wherever the connection breaks: of the network as long as nothing was delivered', async () => {
    for (const at of cuts) {
      const { end, text } = await run([whole.subarray(0, at)], true);
      const kind = text === '' ? 'network' : 'bad_response';
      expect(end, `broken at ${at}`).toMatchObject({ type: 'error', error: { kind } });
    }
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'data: {"type":\n\n'],
    ['no object', 'data: [1]\n\n'],
    ['comments alone', ': hello\n\n: hello\n\n'],
    ['another protocol', 'data: {"hello":1}\n\n'],
    ['no events', '{"message":{"content":"hi"}}\n'],
  ])('ends in bad_response for %s', async (_what, text) => {
    const { end } = await run([new TextEncoder().encode(text)]);
    expect(end).toMatchObject({ type: 'error', error: { kind: 'bad_response' } });
  });
});

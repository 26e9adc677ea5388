import { describe, expect, it } from 'vitest';
import { createOllamaModel } from '../../../src/main/infra/llm/ollama-model.ts';
import { answerParts } from '../../support/model-server/wire.ts';
import { answerSchema } from '../../support/model-server/script.ts';
import { eventsOf, fetchOf, gist } from './fixtures.ts';

/** A whole stream with thinking, text of one to four bytes a letter, tool calls and counts. */
const answer = answerSchema.parse({
  thinking: 'größer',
  text: 'a ü 세 🙂.',
  toolCalls: [{ name: 'list_files', arguments: { path: 'ß/🙂' } }],
  usage: { prompt: 3, completion: 5 },
});
const lines = answerParts('llama3.1:8b', answer, 0).map((part) => ('line' in part ? part.line : ''));
const whole = new TextEncoder().encode(lines.join(''));
const expected = {
  text: 'a ü 세 🙂.',
  reasoning: 'größer',
  calls: [{ name: 'list_files', input: { path: 'ß/🙂' } }],
  end: {
    type: 'done',
    finishReason: 'tool_calls',
    usage: { promptTokens: 3, cachedTokens: 0, completionTokens: 5, reasoningTokens: 0, estimated: false },
  },
};

const run = async (chunks: readonly Uint8Array[], cut = false) =>
  gist(
    await eventsOf(createOllamaModel({ baseUrl: () => 'http://ollama.test', fetch: fetchOf(chunks, cut) })),
  );

const boundaries = Array.from({ length: whole.length + 1 }, (_, at) => at);

describe('an Ollama stream', () => {
  it('is the same split at every byte', async () => {
    for (const at of boundaries)
      expect(await run([whole.subarray(0, at), whole.subarray(at)]), `split at ${at}`).toEqual(expected);
  });

  it('is the same with one byte at a time', async () => {
    expect(await run(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('ends in one error wherever it is cut before its last line is whole', async () => {
    // The last line counts as whole without its newline.
    for (const at of boundaries.slice(0, -2)) {
      const proper = await run([whole.subarray(0, at)]);
      expect(proper.end, `ended at ${at}`).toMatchObject({ type: 'error', error: { kind: 'bad_response' } });
      const broken = await run([whole.subarray(0, at)], true);
      // As long as nothing of the answer was delivered, it may be asked for again.
      expect(broken.end, `broken at ${at}`).toMatchObject({
        type: 'error',
        error: { kind: broken.text === '' ? 'network' : 'bad_response' },
      });
    }
  });

  it('ends in one error where the server says so in the middle, whatever came before', async () => {
    const error = new TextEncoder().encode('{"error":"model runner has unexpectedly stopped"}\n');
    for (let count = 0; count < lines.length; count += 1) {
      const before = new TextEncoder().encode(lines.slice(0, count).join(''));
      const { end } = await run([before, error]);
      expect(end).toMatchObject({ type: 'error', error: { kind: 'bad_response' } });
    }
  });

  it('takes what a server leaves out for zero, and estimates only without any count', async () => {
    const line = (rest: object) =>
      new TextEncoder().encode(JSON.stringify({ message: { content: 'four' }, done: true, ...rest }));
    expect((await run([line({ eval_count: 2 })])).end).toMatchObject({
      usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 2, reasoningTokens: 0, estimated: false },
    });
    expect((await run([line({})])).end).toMatchObject({ usage: { completionTokens: 1, estimated: true } });
  });

  it('ignores what follows the last line', async () => {
    expect(await run([whole, new TextEncoder().encode('{"error":"late"}\nnonsense')])).toEqual(expected);
  });

  it.each([
    ['a line of another shape', '{"message":5}\n'],
    ['a list', '[1]\n'],
    ['null', 'null\n'],
  ])('refuses %s', async (_what, line) => {
    expect((await run([new TextEncoder().encode(line)])).end).toMatchObject({
      error: { kind: 'bad_response' },
    });
  });

  it.each([
    ['no function', {}, '', {}],
    ['a name that is none', { function: { name: 7 } }, '', { function: { name: 7 } }],
    ['no arguments', { function: { name: 'finish' } }, 'finish', {}],
    ['arguments in a string', { function: { name: 'f', arguments: '{"a":1}' } }, 'f', { a: 1 }],
    ['a list for arguments', { function: { name: 'f', arguments: [1] } }, 'f', [1]],
    ['text', 'run ls', '', 'run ls'],
  ])('hands on a tool call with %s', async (_what, call, name, input) => {
    const line = JSON.stringify({ message: { tool_calls: [call] }, done: true });
    expect((await run([new TextEncoder().encode(line)])).calls).toEqual([{ name, input }]);
  });
});

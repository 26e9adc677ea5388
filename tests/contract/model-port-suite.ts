import { describe, expect, it } from 'vitest';
import type { ModelPort, ModelRequest } from '../../src/main/app/ports/model.ts';
import type { ProviderId } from '../../src/shared/models.ts';
import { credentialOf } from '../support/credential.ts';
import type { ModelEvent } from '../../src/main/domain/model-messages.ts';
import type { ScriptInput } from '../support/model-server/script.ts';

/** A port that answers from the script; its resources are released by the caller of the suite. */
type OpenModel = (script: ScriptInput) => Promise<ModelPort>;

/** Who is called: the provider in front of the model's name, and the account. */
export interface Callee {
  provider: ProviderId;
  /** Null for a provider without accounts. */
  key: string | null;
}

const request = ({ provider, key }: Callee, change: Partial<ModelRequest>): ModelRequest => ({
  model: `${provider}/llama3.1:8b`,
  ...(key === null ? {} : { credential: credentialOf(provider, key) }),
  system: 'You are the backend of a Dev Crew.',
  messages: [{ role: 'user', text: 'hello' }],
  tools: [{ name: 'list_files', description: 'List files.', parameters: { type: 'object', properties: {} } }],
  contextTokens: 8192,
  ...change,
});

const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.delta : '')).join('');

const one = (reply: ScriptInput['exchanges'][number]['reply']): ScriptInput => ({
  exchanges: [{ name: 'only', reply }],
});

const ends = (events: readonly ModelEvent[]): ModelEvent[] =>
  events.filter((event) => event.type === 'done' || event.type === 'error');

/** What every model port owes its caller (ports/model.ts). */
export function describeModelPort(name: string, callee: Callee, open: OpenModel): void {
  const collect = async (
    port: ModelPort,
    change: Partial<ModelRequest> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ModelEvent[]> => {
    const events: ModelEvent[] = [];
    for await (const event of port.stream(request(callee, change), signal)) events.push(event);
    return events;
  };

  describe(`model port: ${name}`, () => {
    it('streams text and ends in done with the usage', async () => {
      const events = await collect(
        await open(one({ text: 'Grüße, 세계!', usage: { prompt: 11, completion: 7 } })),
      );
      expect(textOf(events)).toBe('Grüße, 세계!');
      expect(events.at(-1)).toMatchObject({
        type: 'done',
        finishReason: 'stop',
        usage: {
          promptTokens: 11,
          cachedTokens: 0,
          completionTokens: 7,
          reasoningTokens: 0,
          estimated: false,
        },
      });
    });

    it('keeps thinking apart from text', async () => {
      const events = await collect(await open(one({ thinking: 'hm', text: 'yes' })));
      expect(textOf(events)).toBe('yes');
      expect(events.map((event) => (event.type === 'reasoning' ? event.delta : '')).join('')).toBe('hm');
    });

    it('hands on tool calls in order, to unknown tools too, with broken arguments as text', async () => {
      const toolCalls = [
        { name: 'list_files', arguments: { path: 'src' } },
        { name: 'no_such_tool', arguments: { a: 1 } },
        { name: 'list_files', arguments: '{"path":' },
      ];
      const events = await collect(await open(one({ toolCalls })));
      const calls = events.flatMap((event) => (event.type === 'tool_call' ? [event.call] : []));
      expect(calls.map(({ name: called, input }) => ({ name: called, arguments: input }))).toEqual(toolCalls);
      expect(new Set(calls.map((call) => call.callId)).size).toBe(3);
      expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'tool_calls' });
    });

    it('says when an answer was cut at its limit', async () => {
      const events = await collect(await open(one({ text: 'as far as', doneReason: 'length' })));
      expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'length' });
    });

    it.each([
      ['nothing at all', {}, 'bad_response'],
      ['an empty stream', { fault: 'empty' }, 'bad_response'],
      ['half a stream', { fault: 'cut', text: 'half of' }, 'bad_response'],
      ['half a stream and a reset', { fault: 'cut', by: 'reset', text: 'half of' }, 'bad_response'],
      ['a line that is not JSON', { fault: 'malformed', text: 'so' }, 'bad_response'],
      ['a web page', { fault: 'html' }, 'bad_response'],
      ['a 500', { fault: 'status', status: 500 }, 'overloaded'],
      ['a 503', { fault: 'status', status: 503 }, 'overloaded'],
      ['a 429', { fault: 'status', status: 429 }, 'rate_limited'],
      ['a 400', { fault: 'status', status: 400 }, 'bad_response'],
    ] as const)('ends in exactly one error for %s', async (_what, reply, kind) => {
      const events = await collect(await open(one(reply)));
      expect(ends(events)).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind } });
    });

    it('ends in exactly one error for one in the middle, with the text before it', async () => {
      const reply = { fault: 'error_line', text: 'so far', error: 'runner died' } as const;
      const events = await collect(await open(one(reply)));
      expect(textOf(events)).toBe('so far');
      expect(ends(events)).toHaveLength(1);
      // Whether to call again is not asked any more: something was delivered.
      expect(events.at(-1)).toMatchObject({
        type: 'error',
        error: { kind: expect.stringMatching(/^(bad_response|overloaded)$/) as string },
      });
    });

    it('knows a missing model from a missing answer', async () => {
      const port = await open({ exchanges: [] });
      const events = await collect(port, { model: `${callee.provider}/absent:1b` });
      expect(events).toMatchObject([{ type: 'error', error: { kind: 'model_not_found' } }]);
    });

    it('ends in canceled when aborted, before and in the middle', async () => {
      const port = await open({
        exchanges: [{ name: 'hang', reply: { fault: 'hang', text: 'wait for' } }],
      });
      const controller = new AbortController();
      const events: ModelEvent[] = [];
      for await (const event of port.stream(request(callee, {}), controller.signal)) {
        events.push(event);
        if (textOf(events) === 'wait for') controller.abort();
      }
      expect(ends(events)).toMatchObject([{ type: 'error', error: { kind: 'canceled' } }]);
      expect(await collect(port, {}, AbortSignal.abort())).toMatchObject([
        { type: 'error', error: { kind: 'canceled' } },
      ]);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { createAnthropicReader } from '../../../src/main/infra/llm/anthropic-reader.ts';
import { createChatReader } from '../../../src/main/infra/llm/chat-reader.ts';
import { createEventStream } from '../../../src/main/infra/llm/event-stream.ts';
import { createGeminiReader } from '../../../src/main/infra/llm/gemini-reader.ts';
import type { ModelFailure } from '../../../src/main/infra/llm/model-failure.ts';
import { createResponsesReader } from '../../../src/main/infra/llm/responses-reader.ts';
import { framesOf } from '../../../src/main/infra/llm/stream-frames.ts';
import type { StreamSource } from '../../../src/main/infra/llm/stream-failure.ts';
import type { JsonObject, StreamReader } from '../../../src/main/infra/llm/stream-reader.ts';
import { anthropicStreams } from './recorded/anthropic.ts';
import { chatStreams, openRouterStreams } from './recorded/chat.ts';
import { geminiStreams } from './recorded/gemini.ts';
import { responsesStreams } from './recorded/responses.ts';

const source: StreamSource = { name: 'Test', model: 'm', secrets: ['sk-secret-key'] };

interface Gathered {
  events: JsonObject[];
  failures: ModelFailure[];
  frames: number;
  signs: number;
}

async function gather(
  chunks: AsyncIterable<Uint8Array>,
  reader: () => StreamReader,
  frameMs = 0,
): Promise<Gathered> {
  const gathered: Gathered = { events: [], failures: [], frames: 0, signs: 0 };
  // Pieces that were flushed between two chunks are joined here, so that all splits can be compared.
  const joins = reader();
  const frames = framesOf(chunks, {
    text: createEventStream(),
    reader: reader(),
    name: 'Test',
    frameMs,
    onSignOfLife: () => (gathered.signs += 1),
    onFailure: (failure) => gathered.failures.push(failure),
  });
  for await (const frame of frames) {
    gathered.frames += 1;
    for (const event of frame) {
      const before = gathered.events.at(-1);
      if (before === undefined || !joins.append(before, event)) gathered.events.push(event);
    }
  }
  return gathered;
}

async function* from(chunks: readonly Uint8Array[], broken = false): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (broken) throw Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

const protocols = [
  ['OpenAI Responses', () => createResponsesReader(source), responsesStreams],
  ['Anthropic Messages', () => createAnthropicReader(source), anthropicStreams],
  ['Gemini', () => createGeminiReader(source), geminiStreams],
  ['OpenRouter', () => createChatReader(source, { endsWithoutDone: false }), openRouterStreams],
  ['Chat Completions', () => createChatReader(source, { endsWithoutDone: true }), chatStreams],
] as const;

describe.each(protocols)('frames of %s', (_name, reader, streams) => {
  describe.each(streams.map((recorded, index) => ({ ...recorded, index })))('$name', ({ stream, index }) => {
    const whole = new TextEncoder().encode(stream);
    const gist = ({ events, failures }: Gathered) => ({
      events,
      errors: failures.map(({ modelError }) => modelError),
    });

    it('are the same split at every byte, and one byte at a time', async () => {
      const expected = gist(await gather(from([whole]), reader));
      expect(expected.events.length + expected.errors.length).toBeGreaterThan(0);
      for (let at = 0; at <= whole.length; at += 1) {
        const split = await gather(from([whole.subarray(0, at), whole.subarray(at)]), reader);
        expect(gist(split), `split at ${at}`).toEqual(expected);
      }
      expect(gist(await gather(from(Array.from(whole, (byte) => Uint8Array.of(byte))), reader))).toEqual(
        expected,
      );
    });

    it('end in at most one failure wherever they are cut, and never in an exception', async () => {
      const complete = gist(await gather(from([whole]), reader));
      // Each byte of the first, which has everything; to be quick, each 7th of the others.
      for (let at = 0; at < whole.length; at += index === 0 ? 1 : 7) {
        for (const broken of [false, true]) {
          const cut = gist(await gather(from([whole.subarray(0, at)], broken), reader));
          expect(cut.errors.length, `cut at ${at}`).toBeLessThanOrEqual(1);
          if (cut.errors.length === 0)
            expect(cut.events.length, `cut at ${at}`).toBeGreaterThanOrEqual(complete.events.length - 1);
        }
      }
    });
  });
});

describe('frames', () => {
  const anthropic = () => createAnthropicReader(source);
  const piece = (text: string) =>
    new TextEncoder().encode(
      `data: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })}\n\n`,
    );
  const stop = new TextEncoder().encode('data: {"type":"message_stop"}\n\n');

  it('join what comes within one time, after the first', async () => {
    const pieces = Array.from({ length: 1000 }, (_, index) => piece(`${index} `));
    const { events, frames } = await gather(from([...pieces, stop]), anthropic, 60_000);
    expect(frames).toBe(2);
    expect(events[0]).toMatchObject({
      delta: { text: Array.from({ length: 1000 }, (_, index) => `${index} `).join('') },
    });
  });

  it('go on after their time though nothing follows', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield piece('one');
      yield piece('two');
      await held;
      yield stop;
    }
    const seen: string[] = [];
    const frames = framesOf(slow(), {
      text: createEventStream(),
      reader: anthropic(),
      name: 'Test',
      frameMs: 5,
      onSignOfLife: () => undefined,
      onFailure: () => undefined,
    });
    for await (const frame of frames) {
      seen.push(JSON.stringify(frame));
      if (seen.length === 2) go();
    }
    expect(seen.map((text) => /"text":"(\w+)"/.exec(text)?.[1])).toEqual(['one', 'two', undefined]);
  });

  it('are told of pings and comments', async () => {
    const ping = new TextEncoder().encode('data: {"type":"ping"}\n\n: comment\n\n');
    expect((await gather(from([ping, stop]), anthropic)).signs).toBe(2);
  });

  it('stop at the last event, though the body stays open, and close it', async () => {
    let closed = false;
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => {
        const chunks = [piece('hi'), stop];
        return {
          next: () => {
            const value = chunks.shift();
            return value === undefined
              ? new Promise(() => undefined)
              : Promise.resolve({ value, done: false });
          },
          return: () => {
            closed = true;
            return Promise.resolve({ value: undefined, done: true });
          },
        };
      },
    };
    expect((await gather(body, anthropic)).failures).toEqual([]);
    expect(closed).toBe(true);
  });

  it('refuse an event without an end', async () => {
    const chunk = new TextEncoder().encode(`data: ${'x'.repeat(1024 * 1024)}`);
    const { failures } = await gather(from(Array.from({ length: 20 }, () => chunk)), anthropic);
    expect(failures.map((failure) => failure.modelError.kind)).toEqual(['bad_response']);
  });

  it('tell no secret of what they cannot read', async () => {
    const echo = new TextEncoder().encode(
      'data: {"type":"error","error":{"message":"bad key sk-secret-key"}}\n\n',
    );
    const { failures } = await gather(from([echo]), anthropic);
    expect(failures[0]?.message).toContain('bad key …');
  });
});

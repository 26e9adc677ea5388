import type { Answer } from './script.ts';
import {
  argumentsText,
  chunksOf,
  countsOf,
  freshId,
  opaqueOf,
  pieceParts,
  sse,
  tokensOf,
  type Json,
  type StreamPart,
  type Wire,
} from './wire-parts.ts';

const event = (type: string, rest: Json = {}): string => sse({ type, ...rest }, true);
const line = (type: string, rest: Json = {}): StreamPart => ({ line: event(type, rest) });
const delta = (index: number, change: Json): string => event('content_block_delta', { index, delta: change });

function opening(model: string, usage: Json): StreamPart[] {
  const message = {
    id: 'msg_test',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    usage,
  };
  return [line('message_start', { message }), line('ping')];
}

const block = (index: number, content_block: Json, parts: readonly StreamPart[]): StreamPart[] => [
  line('content_block_start', { index, content_block }),
  ...parts,
  line('content_block_stop', { index }),
];

function thinkingBlock(thinking: string, index: number): StreamPart[] {
  const signature = opaqueOf('signed', thinking);
  return block(index, { type: 'thinking', thinking: '', signature: '' }, [
    ...tokensOf(thinking).map((text) => ({ line: delta(index, { type: 'thinking_delta', thinking: text }) })),
    { line: delta(index, { type: 'signature_delta', signature }) },
  ]);
}

function callBlock(call: Answer['toolCalls'][number], index: number): StreamPart[] {
  const pieces = ['', ...chunksOf(argumentsText(call))];
  return block(
    index,
    { type: 'tool_use', id: freshId('toolu'), name: call.name, input: {} },
    pieces.map((partial_json) => ({ line: delta(index, { type: 'input_json_delta', partial_json }) })),
  );
}

function blocksOf(answer: Answer): StreamPart[] {
  const blocks: ((index: number) => StreamPart[])[] = [];
  const { thinking, text } = answer;
  if (thinking !== undefined) blocks.push((index) => thinkingBlock(thinking, index));
  if (text !== undefined)
    blocks.push((index) =>
      block(
        index,
        { type: 'text', text: '' },
        pieceParts(text, (piece) => delta(index, { type: 'text_delta', text: piece })),
      ),
    );
  for (const call of answer.toolCalls) blocks.push((index) => callBlock(call, index));
  return blocks.flatMap((made, index) => made(index));
}

function stopOf(answer: Answer): Json {
  if (answer.refusal !== undefined)
    return {
      stop_reason: 'refusal',
      stop_sequence: null,
      stop_details: { type: 'refusal', category: 'cyber', explanation: answer.refusal },
    };
  if (answer.doneReason === 'length') return { stop_reason: 'max_tokens', stop_sequence: null };
  return { stop_reason: answer.toolCalls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null };
}

/** Anthropic Messages (llm-protocols.md §2.3). Its `input_tokens` leave out what the cache read and wrote. */
export const anthropicWire: Wire = {
  contentType: 'text/event-stream; charset=utf-8',
  answer(model, answer, promptSize) {
    const counts = countsOf(answer, promptSize) ?? {
      prompt: 0,
      completion: 0,
      cached: 0,
      cacheWrite: 0,
      reasoning: 0,
    };
    const input = {
      input_tokens: counts.prompt - counts.cached - counts.cacheWrite,
      cache_read_input_tokens: counts.cached,
      cache_creation_input_tokens: counts.cacheWrite,
    };
    const usage = {
      ...input,
      output_tokens: counts.completion,
      ...(counts.reasoning === 0 ? {} : { output_tokens_details: { thinking_tokens: counts.reasoning } }),
    };
    return [
      ...opening(model, { ...input, output_tokens: 1 }),
      ...blocksOf(answer),
      line('message_delta', { delta: stopOf(answer), usage }),
      line('message_stop'),
    ];
  },
  beginning: (model, text) => [
    ...opening(model, { input_tokens: 1, output_tokens: 1 }),
    ...(text === undefined
      ? []
      : [line('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })]),
    ...pieceParts(text, (piece) => delta(0, { type: 'text_delta', text: piece })),
  ],
  error: (message) => event('error', { error: { type: 'api_error', message }, request_id: 'req_test' }),
  broken: (text) => `event: content_block_delta\ndata: ${text}\n\n`,
};

import type { Answer, Pieces } from './script.ts';
import {
  argumentsText,
  chunksOf,
  countsOf,
  freshId,
  opaqueOf,
  pieceParts,
  plainText,
  sse,
  tokensOf,
  type Json,
  type StreamPart,
  type Wire,
} from './wire-parts.ts';

const event = (type: string, rest: Json): StreamPart => ({ line: sse({ type, ...rest }, true) });

const responseOf = (model: string, rest: Json): Json => ({
  id: 'resp_test',
  object: 'response',
  created_at: 1_795_000_000,
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  model,
  output: [],
  store: false,
  usage: null,
  ...rest,
});

const opening = (model: string): StreamPart[] =>
  ['response.created', 'response.in_progress'].map((type) =>
    event(type, { response: responseOf(model, {}) }),
  );

function reasoningItem(thinking: string, output_index: number): StreamPart[] {
  const id = freshId('rs');
  const at = { item_id: id, output_index, summary_index: 0 };
  const summary = [{ type: 'summary_text', text: thinking }];
  const item = { id, type: 'reasoning', summary: [], encrypted_content: opaqueOf('begun', thinking) };
  const done = { ...item, summary, encrypted_content: opaqueOf('reasoning', thinking) };
  return [
    event('response.output_item.added', { output_index, item }),
    event('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } }),
    ...tokensOf(thinking).map((delta) => event('response.reasoning_summary_text.delta', { ...at, delta })),
    event('response.reasoning_summary_text.done', { ...at, text: thinking }),
    event('response.reasoning_summary_part.done', { ...at, part: summary[0] }),
    event('response.output_item.done', { output_index, item: done }),
  ];
}

type Said = { kind: 'output_text'; pieces: Pieces } | { kind: 'refusal'; pieces: string };

function messageBegin({ kind, pieces }: Said, output_index: number, id: string): StreamPart[] {
  const at = { item_id: id, output_index, content_index: 0 };
  const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const part = kind === 'refusal' ? { type: kind, refusal: '' } : { type: kind, text: '', annotations: [] };
  return [
    event('response.output_item.added', { output_index, item }),
    event('response.content_part.added', { ...at, part }),
    ...pieceParts(pieces, (delta) =>
      sse({ type: `response.${kind}.delta`, ...at, delta, obfuscation: 'x'.repeat(3) }, true),
    ),
  ];
}

function messageItem(said: Said, output_index: number): StreamPart[] {
  const id = freshId('msg');
  const at = { item_id: id, output_index, content_index: 0 };
  const text = plainText(said.pieces);
  const whole = said.kind === 'refusal' ? { refusal: text } : { text };
  const part = { type: said.kind, annotations: [], ...whole };
  const item = { id, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  return [
    ...messageBegin(said, output_index, id),
    event(`response.${said.kind}.done`, { ...at, ...whole }),
    event('response.content_part.done', { ...at, part }),
    event('response.output_item.done', { output_index, item }),
  ];
}

function callItem(call: Answer['toolCalls'][number], output_index: number): StreamPart[] {
  const id = freshId('fc');
  const text = argumentsText(call);
  const item = { id, type: 'function_call', call_id: freshId('call'), name: call.name };
  return [
    event('response.output_item.added', {
      output_index,
      item: { ...item, status: 'in_progress', arguments: '' },
    }),
    ...chunksOf(text).map((delta) =>
      event('response.function_call_arguments.delta', { item_id: id, output_index, delta }),
    ),
    event('response.function_call_arguments.done', { item_id: id, output_index, arguments: text }),
    event('response.output_item.done', {
      output_index,
      item: { ...item, status: 'completed', arguments: text },
    }),
  ];
}

function ending(model: string, answer: Answer, promptSize: number): StreamPart {
  const counts = countsOf(answer, promptSize);
  const usage = counts && {
    input_tokens: counts.prompt,
    input_tokens_details: { cached_tokens: counts.cached },
    output_tokens: counts.completion,
    output_tokens_details: { reasoning_tokens: counts.reasoning },
    total_tokens: counts.prompt + counts.completion,
  };
  const rest =
    answer.doneReason === 'length'
      ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, usage }
      : { status: 'completed', usage };
  return event(`response.${rest.status}`, { response: responseOf(model, rest) });
}

/** OpenAI Responses (llm-protocols.md §2.1). */
export const responsesWire: Wire = {
  contentType: 'text/event-stream; charset=utf-8',
  answer(model, answer, promptSize) {
    const items: ((index: number) => StreamPart[])[] = [];
    const { thinking, text, refusal } = answer;
    if (thinking !== undefined) items.push((index) => reasoningItem(thinking, index));
    if (text !== undefined) items.push((index) => messageItem({ kind: 'output_text', pieces: text }, index));
    if (refusal !== undefined)
      items.push((index) => messageItem({ kind: 'refusal', pieces: refusal }, index));
    for (const call of answer.toolCalls) items.push((index) => callItem(call, index));
    return [
      ...opening(model),
      ...items.flatMap((item, index) => item(index)),
      ending(model, answer, promptSize),
    ];
  },
  beginning: (model, text) => [
    ...opening(model),
    ...(text === undefined ? [] : messageBegin({ kind: 'output_text', pieces: text }, 0, freshId('msg'))),
  ],
  error: (message) =>
    sse({ type: 'error', error: { type: 'server_error', code: null, message, param: null } }, true),
  broken: (text) => `event: response.output_text.delta\ndata: ${text}\n\n`,
};

import { done, events, failed, silent, type Recorded } from './recorded.ts';

const start = (usage: object) => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5',
    content: [],
    stop_reason: null,
    usage,
  },
});
const ping = { type: 'ping' };
const block = (index: number, content_block: object, ...deltas: readonly object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
const text = (index: number, ...pieces: readonly string[]) =>
  block(index, { type: 'text', text: '' }, ...pieces.map((piece) => ({ type: 'text_delta', text: piece })));
const call = (index: number, name: string, ...pieces: readonly string[]) =>
  block(
    index,
    { type: 'tool_use', id: `toolu_${index}`, name, input: {} },
    ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  );
const stop = (stop_reason: string, usage: object, more: object = {}) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage },
  { type: 'message_stop' },
];

export const anthropicStreams: readonly Recorded[] = [
  {
    name: 'reasoning, text and parallel tool calls',
    stream: events(
      true,
      start({ input_tokens: 7, output_tokens: 1 }),
      ...block(
        0,
        { type: 'thinking', thinking: '', signature: '' },
        { type: 'thinking_delta', thinking: 'grö' },
        { type: 'thinking_delta', thinking: 'ßer' },
        { type: 'signature_delta', signature: 'EsECCokB' },
      ),
      ping,
      ...text(1, 'a ü', ' 세 🙂.'),
      ...call(2, 'read_file', '', '{"pa', 'th":"ß"}'),
      ...call(3, 'list_files', ''),
      ...stop('tool_use', { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } }),
    ),
    expected: {
      text: 'a ü 세 🙂.',
      reasoning: 'größer',
      calls: [
        { name: 'read_file', input: { path: 'ß' } },
        { name: 'list_files', input: {} },
      ],
      end: {
        ...done('tool_calls', { promptTokens: 7, completionTokens: 9, reasoningTokens: 4 }),
        replay: { provider: 'anthropic', model: 'm' },
      },
    },
  },
  {
    name: 'structured output, with parts of the prompt from and to the cache',
    stream: events(
      true,
      start({
        input_tokens: 6,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 200,
        output_tokens: 1,
      }),
      ...text(0, '{"ok"', ':true}'),
      ...stop('end_turn', { output_tokens: 5 }),
    ),
    expected: {
      ...silent,
      text: '{"ok":true}',
      // Anthropic's own count of 6 leaves out what the cache read and wrote.
      end: done('stop', {
        promptTokens: 1206,
        cachedTokens: 1000,
        cacheWriteTokens: 200,
        completionTokens: 5,
      }),
    },
  },
  {
    name: 'an answer cut at its limit',
    stream: events(
      true,
      start({ input_tokens: 3, output_tokens: 1 }),
      ...text(0, 'as far'),
      ...stop('max_tokens', { output_tokens: 2 }),
    ),
    expected: { ...silent, text: 'as far', end: done('length', { promptTokens: 3, completionTokens: 2 }) },
  },
  {
    name: 'a refusal',
    stream: events(
      true,
      start({ input_tokens: 3, output_tokens: 1 }),
      ping,
      ...stop(
        'refusal',
        { output_tokens: 2 },
        {
          stop_details: {
            type: 'refusal',
            category: 'cyber',
            explanation: 'It was blocked under the policy.',
          },
        },
      ),
    ),
    expected: { ...silent, end: failed('refused', 'blocked under the policy') },
  },
  {
    name: 'an error in the middle',
    stream: events(true, start({ input_tokens: 3, output_tokens: 1 }), ...text(0, 'so ', 'far'), {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_1',
    }),
    expected: { ...silent, text: 'so far', end: failed('overloaded', 'Overloaded') },
  },
  {
    name: 'an error at once',
    stream: events(true, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    expected: { ...silent, end: failed('overloaded', 'Overloaded') },
  },
];

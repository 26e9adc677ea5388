import { done, events, failed, silent, type Recorded } from './recorded.ts';

const response = (rest: object) => ({
  response: { id: 'resp_1', created_at: 1_765_552_659, model: 'gpt-5.1', ...rest },
});
const begun = [
  { type: 'response.created', ...response({ status: 'in_progress', usage: null }) },
  { type: 'response.in_progress', ...response({ status: 'in_progress', usage: null }) },
];
const usage = (input: number, cached: number, output: number, reasoning: number) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
});
const completed = (counts: object) => ({
  type: 'response.completed',
  ...response({ status: 'completed', incomplete_details: null, usage: counts }),
});

const text = (index: number, pieces: readonly string[], kind = 'output_text') => {
  const at = { item_id: `msg_${index}`, output_index: index, content_index: 0 };
  return [
    {
      type: 'response.output_item.added',
      output_index: index,
      item: { id: `msg_${index}`, type: 'message', role: 'assistant', content: [] },
    },
    ...pieces.map((delta) => ({
      type: `response.${kind}.delta`,
      ...at,
      delta,
      logprobs: [],
      obfuscation: 'x',
    })),
    {
      type: 'response.output_item.done',
      output_index: index,
      item: { id: `msg_${index}`, type: 'message', role: 'assistant', content: [] },
    },
  ];
};

const call = (index: number, name: string, pieces: readonly string[]) => {
  const item = { id: `fc_${index}`, type: 'function_call', call_id: `call_${index}`, name };
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, arguments: '' } },
    ...pieces.map((delta) => ({
      type: 'response.function_call_arguments.delta',
      item_id: `fc_${index}`,
      output_index: index,
      delta,
    })),
    {
      type: 'response.output_item.done',
      output_index: index,
      item: { ...item, arguments: pieces.join(''), status: 'completed' },
    },
  ];
};

const reasoning = (pieces: readonly string[]) => {
  const at = { item_id: 'rs_0', output_index: 0, summary_index: 0 };
  const item = { id: 'rs_0', type: 'reasoning', summary: [] };
  return [
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, encrypted_content: 'gAAA-begun' },
    },
    ...pieces.map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: { ...item, encrypted_content: 'gAAA-whole' },
    },
  ];
};

export const responsesStreams: readonly Recorded[] = [
  {
    name: 'reasoning, text and parallel tool calls',
    stream: events(
      true,
      ...begun,
      ...reasoning(['grö', 'ßer']),
      ...text(1, ['a ü', ' 세 🙂.']),
      ...call(2, 'read_file', ['{"pa', 'th":"ß"}']),
      ...call(3, 'list_files', ['{}']),
      completed(usage(7, 0, 9, 4)),
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
        replay: { provider: 'openai', model: 'm' },
      },
    },
  },
  {
    name: 'structured output, with a part of the prompt from the cache',
    stream: events(true, ...begun, ...text(0, ['{"ok"', ':true}']), completed(usage(1200, 1024, 5, 0))),
    expected: {
      ...silent,
      text: '{"ok":true}',
      end: done('stop', { promptTokens: 1200, cachedTokens: 1024, completionTokens: 5 }),
    },
  },
  {
    name: 'an answer cut at its limit',
    stream: events(true, ...begun, ...text(0, ['as far']), {
      type: 'response.incomplete',
      ...response({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        usage: usage(3, 0, 2, 0),
      }),
    }),
    expected: { ...silent, text: 'as far', end: done('length', { promptTokens: 3, completionTokens: 2 }) },
  },
  {
    name: 'an end by its other name',
    stream: events(true, ...begun, ...text(0, ['hi']), {
      type: 'response.done',
      ...response({ status: 'completed', usage: usage(3, 0, 2, 0) }),
    }),
    expected: { ...silent, text: 'hi', end: done('stop', { promptTokens: 3, completionTokens: 2 }) },
  },
  {
    name: 'a refusal',
    stream: events(true, ...begun, ...text(0, ['I can', 'not.'], 'refusal'), completed(usage(3, 0, 2, 0))),
    expected: { ...silent, text: 'I cannot.', end: failed('refused', 'I cannot.') },
  },
  {
    name: 'an error in the middle',
    stream: events(true, ...begun, ...text(0, ['so ', 'far']), {
      type: 'error',
      sequence_number: 2,
      error: {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'You exceeded your current quota.',
        param: null,
      },
    }),
    expected: { ...silent, text: 'so far', end: failed('quota_exhausted', 'exceeded your current quota') },
  },
  {
    name: 'a response that failed',
    stream: events(true, ...begun, {
      type: 'response.failed',
      ...response({
        status: 'failed',
        error: { code: 'rate_limit_exceeded', message: 'Please try again in 1.2s.' },
      }),
    }),
    expected: {
      ...silent,
      end: { type: 'error', error: { kind: 'rate_limited', retryAfterMs: 1200 } },
    },
  },
];

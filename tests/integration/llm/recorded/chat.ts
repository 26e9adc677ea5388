import { done, events, failed, silent, type Recorded } from './recorded.ts';

const chunk = (rest: object) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  ...rest,
});
const delta = (change: object, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: change, finish_reason }] });
const call = (index: number, name: string, ...pieces: readonly string[]) => [
  delta({
    tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }],
  }),
  ...pieces.map((text) => delta({ tool_calls: [{ index, function: { arguments: text } }] })),
];
const usage = (prompt: number, cached: number, completion: number, reasoning: number, more: object = {}) =>
  chunk({
    choices: [],
    usage: {
      prompt_tokens: prompt,
      prompt_tokens_details: { cached_tokens: cached },
      completion_tokens: completion,
      completion_tokens_details: { reasoning_tokens: reasoning },
      ...more,
    },
  });
const end = 'data: [DONE]\n\n';

const calls = [
  { name: 'read_file', input: { path: 'ß' } },
  { name: 'list_files', input: {} },
];

/** LM Studio, vLLM, llama.cpp. */
export const chatStreams: readonly Recorded[] = [
  {
    name: 'reasoning, text and parallel tool calls',
    stream:
      events(
        false,
        delta({ role: 'assistant', content: null, reasoning_content: 'grö' }),
        delta({ reasoning_content: 'ßer' }),
        delta({ content: 'a ü' }),
        delta({ content: ' 세 🙂.' }),
        ...call(0, 'read_file', '{"pa', 'th":"ß"}'),
        ...call(1, 'list_files', '{}'),
        delta({}, 'tool_calls'),
        usage(7, 0, 9, 4),
      ) + end,
    expected: {
      text: 'a ü 세 🙂.',
      reasoning: 'größer',
      calls,
      end: done('tool_calls', { promptTokens: 7, completionTokens: 9, reasoningTokens: 4 }),
    },
  },
  {
    name: 'thinking by its other name, counts with each piece, lines that end as on Windows',
    stream: (
      events(
        false,
        delta({ role: 'assistant', reasoning: 'hm' }),
        { ...delta({ content: '{"ok"' }), usage: { prompt_tokens: 1200, completion_tokens: 1 } },
        { ...delta({ content: ':true}' }), usage: { prompt_tokens: 1200, completion_tokens: 2 } },
        { ...delta({}, 'stop'), usage: { prompt_tokens: 1200, completion_tokens: 3 } },
      ) + end
    ).replaceAll('\n', '\r\n'),
    expected: {
      ...silent,
      text: '{"ok":true}',
      reasoning: 'hm',
      end: done('stop', { promptTokens: 1200, completionTokens: 3 }),
    },
  },
  {
    name: 'an answer cut at its limit, without a [DONE]',
    endless: true,
    stream: events(
      false,
      delta({ role: 'assistant', content: 'as far' }),
      usage(3, 0, 2, 0),
      delta({}, 'length'),
    ),
    expected: { ...silent, text: 'as far', end: done('length', { promptTokens: 3, completionTokens: 2 }) },
  },
  {
    name: 'a refusal',
    stream: events(false, delta({ refusal: 'I can' }), delta({ refusal: 'not.' }), delta({}, 'stop')) + end,
    expected: { ...silent, text: 'I cannot.', end: failed('refused', 'I cannot.') },
  },
  {
    name: 'an error in the middle',
    stream: events(false, delta({ content: 'so ' }), delta({ content: 'far' }), {
      error: { code: 503, message: 'Loading model', type: 'unavailable_error' },
    }),
    expected: { ...silent, text: 'so far', end: failed('overloaded', 'Loading model') },
  },
  {
    name: 'an error in the middle, as vLLM sends it',
    stream: events(false, delta({ content: 'so' }), {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      code: 400,
    }),
    expected: { ...silent, text: 'so', end: failed('context_too_long', '4096') },
  },
];

const detail = (more: object) => ({
  type: 'reasoning.text',
  format: 'anthropic-claude-v1',
  index: 0,
  ...more,
});

export const openRouterStreams: readonly Recorded[] = [
  {
    name: 'reasoning, text and parallel tool calls',
    stream:
      ': OPENROUTER PROCESSING\n\n' +
      events(
        false,
        delta({
          role: 'assistant',
          content: '',
          reasoning: 'grö',
          reasoning_details: [detail({ text: 'grö' })],
        }),
        delta({ content: '', reasoning: 'ßer', reasoning_details: [detail({ text: 'ßer' })] }),
        delta({ content: '', reasoning_details: [detail({ signature: 'EsEC' })] }),
      ) +
      ': OPENROUTER PROCESSING\n\n' +
      events(
        false,
        delta({ content: 'a ü' }),
        delta({ content: ' 세 🙂.' }),
        ...call(0, 'read_file', '{"pa', 'th":"ß"}'),
        ...call(1, 'list_files', '{}'),
        delta({ content: '' }, 'tool_calls'),
        usage(7, 0, 9, 4, { cost: 0.0125 }),
      ) +
      end,
    expected: {
      text: 'a ü 세 🙂.',
      reasoning: 'größer',
      calls,
      end: {
        ...done('tool_calls', { promptTokens: 7, completionTokens: 9, reasoningTokens: 4, costUsd: 0.0125 }),
        replay: { provider: 'openrouter', model: 'm', data: [detail({ text: 'größer', signature: 'EsEC' })] },
      },
    },
  },
  {
    name: 'an error in the middle',
    stream: events(false, delta({ content: 'so ' }), delta({ content: 'far' }), {
      ...delta({ content: '' }, 'error'),
      error: { code: 502, message: 'Provider disconnected', metadata: { provider_name: 'X' } },
    }),
    expected: { ...silent, text: 'so far', end: failed('overloaded', 'Provider disconnected') },
  },
  {
    name: 'credits that end in the middle',
    stream: events(false, delta({ content: 'so' }), {
      error: { code: 402, message: 'Insufficient credits.' },
    }),
    expected: { ...silent, text: 'so', end: failed('quota_exhausted', 'Insufficient credits') },
  },
];

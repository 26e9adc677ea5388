import { done, events, failed, silent, type Recorded } from './recorded.ts';

const chunk = (candidate: object, rest: object = {}) => ({
  candidates: [{ ...candidate, index: 0 }],
  modelVersion: 'gemini-3-pro',
  responseId: 'r',
  ...rest,
});
const parts = (...list: readonly object[]) => chunk({ content: { parts: list, role: 'model' } });
const end = (usageMetadata: object, finishReason = 'STOP', ...list: readonly object[]) =>
  chunk({ content: { parts: list, role: 'model' }, finishReason }, { usageMetadata });

export const geminiStreams: readonly Recorded[] = [
  {
    name: 'reasoning, text and parallel tool calls',
    stream: events(
      false,
      parts({ text: 'grö', thought: true }),
      parts({ text: 'ßer', thought: true }),
      parts({ text: 'a ü' }),
      parts({ text: ' 세 🙂.' }),
      parts(
        { functionCall: { name: 'read_file', args: { path: 'ß' } }, thoughtSignature: 'EpEgCo4g' },
        { functionCall: { name: 'list_files', args: {} } },
      ),
      end({ promptTokenCount: 7, candidatesTokenCount: 5, thoughtsTokenCount: 4, totalTokenCount: 16 }),
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
        replay: { provider: 'google', model: 'm' },
      },
    },
  },
  {
    name: 'structured output, with a part of the prompt from the cache, and a signature at the end',
    stream: events(
      false,
      parts({ text: '{"ok"' }),
      parts({ text: ':true}' }),
      end({ promptTokenCount: 1200, cachedContentTokenCount: 1024, candidatesTokenCount: 5 }, 'STOP', {
        text: '',
        thoughtSignature: 'EpAICo0I',
      }),
    ),
    expected: {
      ...silent,
      text: '{"ok":true}',
      end: {
        ...done('stop', { promptTokens: 1200, cachedTokens: 1024, completionTokens: 5 }),
        replay: { provider: 'google', model: 'm' },
      },
    },
  },
  {
    name: 'an answer cut at its limit, with its counts before its end',
    endless: true,
    stream: events(
      false,
      chunk(
        { content: { parts: [{ text: 'as far' }], role: 'model' } },
        { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 } },
      ),
      chunk({ finishReason: 'MAX_TOKENS' }),
    ),
    expected: { ...silent, text: 'as far', end: done('length', { promptTokens: 3, completionTokens: 2 }) },
  },
  {
    name: 'a refusal',
    stream: events(false, end({ promptTokenCount: 3 }, 'PROHIBITED_CONTENT')),
    expected: { ...silent, end: failed('refused', 'PROHIBITED_CONTENT') },
  },
  {
    name: 'a prompt that is refused',
    stream: events(false, {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 3 },
    }),
    expected: { ...silent, end: failed('refused', 'SAFETY') },
  },
  {
    name: 'an error in the middle',
    stream: events(false, parts({ text: 'so ' }), parts({ text: 'far' }), {
      error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' },
    }),
    expected: { ...silent, text: 'so far', end: failed('overloaded', 'overloaded') },
  },
];

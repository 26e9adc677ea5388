import { expect } from 'vitest';

/** Streams as the subscriptions' servers send them (llm-protocols.md §2.1, §2.2), one string for each event. */

type Json = Record<string, unknown>;

/** The Codex backend and OpenAI name each event twice. */
export const responsesEvent = (type: string, fields: Json = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** Code Assist has one unnamed event a chunk, and a carriage return in its line ends. */
export const codeAssistEvent = (response: Json): string =>
  `data: ${JSON.stringify({ response: { responseId: 'r1', ...response }, traceId: 't1' })}\r\n\r\n`;

const created = { id: 'resp_1', object: 'response', created_at: 1_763_800_000, model: 'gpt-5.2-codex' };
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [] as Json[], encrypted_content: '' };
const message = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'in_progress',
  content: [] as Json[],
};
const call = (n: number, args: string, status: string) => ({
  type: 'function_call',
  id: `fc_${n}`,
  call_id: `call_${n}`,
  name: 'list_files',
  arguments: args,
  status,
});
const callParts = (n: number, at: number, args: string): string[] => [
  responsesEvent('response.output_item.added', { output_index: at, item: call(n, '', 'in_progress') }),
  ...args.split(/(?<=:)/).map((delta) =>
    responsesEvent('response.function_call_arguments.delta', {
      item_id: `fc_${n}`,
      output_index: at,
      delta,
    }),
  ),
  responsesEvent('response.function_call_arguments.done', {
    item_id: `fc_${n}`,
    output_index: at,
    arguments: args,
  }),
  responsesEvent('response.output_item.done', { output_index: at, item: call(n, args, 'completed') }),
];

export const responsesUsage = {
  input_tokens: 30,
  input_tokens_details: { cached_tokens: 20 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 42,
};

/** Reasoning, text of one to four bytes a letter, two tool calls at once, counts; and what Codex adds of its own. */
export const responsesStream = (extra: readonly string[] = []): string[] => [
  responsesEvent('response.created', { response: { ...created, status: 'in_progress' } }),
  ...extra,
  responsesEvent('response.in_progress'),
  responsesEvent('response.output_item.added', { output_index: 0, item: reasoning }),
  responsesEvent('response.reasoning_summary_text.delta', {
    item_id: 'rs_1',
    output_index: 0,
    summary_index: 0,
    delta: 'größer',
  }),
  responsesEvent('response.output_item.done', {
    output_index: 0,
    item: { ...reasoning, summary: [{ type: 'summary_text', text: 'größer' }], encrypted_content: 'gAAA+/=' },
  }),
  responsesEvent('response.output_item.added', { output_index: 1, item: message }),
  ...['a ü ', '세 🙂.'].map((delta) =>
    responsesEvent('response.output_text.delta', {
      item_id: 'msg_1',
      output_index: 1,
      content_index: 0,
      delta,
    }),
  ),
  responsesEvent('response.output_item.done', {
    output_index: 1,
    item: {
      ...message,
      status: 'completed',
      content: [{ type: 'output_text', text: 'a ü 세 🙂.', annotations: [] }],
    },
  }),
  ...callParts(1, 2, '{"path":"ß/🙂"}'),
  // The second call at once has no pieces: the whole of it counts.
  responsesEvent('response.output_item.added', { output_index: 3, item: call(2, '', 'in_progress') }),
  responsesEvent('response.output_item.done', {
    output_index: 3,
    item: call(2, '{"path":"."}', 'completed'),
  }),
  responsesEvent('response.completed', {
    response: { status: 'completed', usage: responsesUsage },
  }),
];

/** What a consumer has of `responsesStream` in the end. */
export const responsesGist = (provider: string, quota?: Json) => ({
  text: 'a ü 세 🙂.',
  reasoning: 'größer',
  calls: [
    { name: 'list_files', input: { path: 'ß/🙂' } },
    { name: 'list_files', input: { path: '.' } },
  ],
  end: {
    type: 'done',
    finishReason: 'tool_calls',
    usage: {
      promptTokens: 30,
      cachedTokens: 20,
      completionTokens: 12,
      reasoningTokens: 7,
      estimated: false,
    },
    replay: { provider, model: 'gpt-5.2-codex', data: expect.anything() as unknown },
    ...(quota === undefined ? {} : { quota }),
  },
});

/** Text alone. */
export const textStream: string[] = [
  responsesEvent('response.created', { response: created }),
  responsesEvent('response.output_item.added', { output_index: 0, item: message }),
  responsesEvent('response.output_text.delta', { item_id: 'msg_1', output_index: 0, delta: 'a ü 세 🙂.' }),
  responsesEvent('response.output_item.done', {
    output_index: 0,
    item: { ...message, content: [{ type: 'output_text', text: 'a ü 세 🙂.', annotations: [] }] },
  }),
  responsesEvent('response.completed', { response: { usage: responsesUsage } }),
];

export const textGist = (provider: string) => {
  const { replay: _replay, ...end } = responsesGist(provider).end;
  return { text: 'a ü 세 🙂.', reasoning: '', calls: [], end: { ...end, finishReason: 'stop' } };
};

export const rateLimitsEvent = responsesEvent('codex.rate_limits', {
  plan_type: 'plus',
  rate_limits: {
    primary: { used_percent: 12.5, window_minutes: 300, reset_at: 1_763_810_000 },
    secondary: null,
  },
});
export const rateLimitsQuota = {
  plan: 'plus',
  windows: [{ label: '5h', usedPercent: 12.5, resetAtMs: 1_763_810_000_000 }],
};

const parts = (...list: Json[]): Json => ({ candidates: [{ content: { role: 'model', parts: list } }] });

/** Thoughts, text, two signed calls at once, and the counts with the end. */
export const codeAssistStream: string[] = [
  codeAssistEvent(parts({ text: 'größer', thought: true })),
  codeAssistEvent(parts({ text: 'a ü ' })),
  codeAssistEvent(parts({ text: '세 🙂.' })),
  codeAssistEvent(
    parts(
      {
        functionCall: { name: 'list_files', args: { path: 'ß/🙂' }, id: 'call_1' },
        thoughtSignature: 'c2ln',
      },
      { functionCall: { name: 'list_files', args: { path: '.' }, id: 'call_2' } },
    ),
  ),
  codeAssistEvent({
    candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
    usageMetadata: {
      promptTokenCount: 30,
      cachedContentTokenCount: 20,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
      totalTokenCount: 42,
    },
  }),
];

export const codeAssistGist = {
  ...responsesGist('google-antigravity'),
  end: {
    ...responsesGist('google-antigravity').end,
    replay: { provider: 'google-antigravity', model: 'gemini-3-pro', data: expect.anything() as unknown },
  },
};

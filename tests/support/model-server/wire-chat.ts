import type { Answer, Pieces } from './script.ts';
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

const chunk = (model: string, rest: Json): string =>
  sse({ id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 1_795_000_000, model, ...rest });

const delta = (model: string, change: Json, finish_reason: string | null = null): string =>
  chunk(model, { choices: [{ index: 0, delta: change, logprobs: null, finish_reason }] });

function callParts(model: string, call: Answer['toolCalls'][number], index: number): StreamPart[] {
  const begin = {
    index,
    id: freshId('call'),
    type: 'function',
    function: { name: call.name, arguments: '' },
  };
  return [
    { line: delta(model, { tool_calls: [begin] }) },
    ...chunksOf(argumentsText(call)).map((text) => ({
      line: delta(model, { tool_calls: [{ index, function: { arguments: text } }] }),
    })),
  ];
}

function usageOf(answer: Answer, promptSize: number): Json | null {
  const counts = countsOf(answer, promptSize);
  return (
    counts && {
      prompt_tokens: counts.prompt,
      completion_tokens: counts.completion,
      total_tokens: counts.prompt + counts.completion,
      prompt_tokens_details: { cached_tokens: counts.cached },
      completion_tokens_details: { reasoning_tokens: counts.reasoning },
    }
  );
}

/** What OpenRouter does otherwise. */
interface Flavour {
  begin: StreamPart[];
  reasoning: (token: string) => Json;
  /** What ends the reasoning, whole. */
  reasoned: (thinking: string) => Json[];
  usage: (usage: Json) => Json;
  error: (message: string) => Json;
}

const wireOf = (flavour: Flavour): Wire => {
  const beginning = (model: string, text: Pieces | undefined): StreamPart[] => [
    ...flavour.begin,
    { line: delta(model, { role: 'assistant', content: '' }) },
    ...pieceParts(text, (content) => delta(model, { content })),
  ];
  return {
    contentType: 'text/event-stream',
    answer(model, answer, promptSize) {
      const thinking = answer.thinking ?? '';
      const usage = usageOf(answer, promptSize);
      const reason =
        answer.doneReason === 'length' ? 'length' : answer.toolCalls.length > 0 ? 'tool_calls' : 'stop';
      return [
        ...beginning(model, undefined),
        ...tokensOf(thinking).map((token) => ({ line: delta(model, flavour.reasoning(token)) })),
        ...(thinking === ''
          ? []
          : flavour.reasoned(thinking).map((change) => ({ line: delta(model, change) }))),
        ...pieceParts(answer.text, (content) => delta(model, { content })),
        ...tokensOf(answer.refusal ?? '').map((refusal) => ({ line: delta(model, { refusal }) })),
        ...answer.toolCalls.flatMap((call, index) => callParts(model, call, index)),
        { line: delta(model, {}, reason) },
        ...(usage === null ? [] : [{ line: chunk(model, { choices: [], usage: flavour.usage(usage) }) }]),
        { line: 'data: [DONE]\n\n' },
      ];
    },
    beginning,
    error: (message) => sse(flavour.error(message)),
    broken: (text) => `data: ${text}\n\n`,
  };
};

/** OpenAI Chat Completions as LM Studio, vLLM and llama.cpp speak it (llm-protocols.md §2.3). */
export const chatWire = wireOf({
  begin: [],
  reasoning: (token) => ({ reasoning_content: token }),
  reasoned: () => [],
  usage: (usage) => usage,
  error: (message) => ({ error: { message, type: 'server_error', code: 500 } }),
});

/** With comments, reasoning details and costs. */
export const openRouterWire = wireOf({
  begin: [{ line: ': OPENROUTER PROCESSING\n\n' }],
  reasoning: (token) => ({
    reasoning: token,
    reasoning_details: [{ type: 'reasoning.text', text: token, format: 'anthropic-claude-v1', index: 0 }],
  }),
  reasoned: (thinking) => [
    {
      content: '',
      reasoning_details: [{ type: 'reasoning.text', signature: opaqueOf('signed', thinking), index: 0 }],
    },
  ],
  usage: (usage) => ({ ...usage, cost: 0.0125, is_byok: false }),
  error: (message) => ({
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    error: { code: 502, message, metadata: { provider_name: 'Test' } },
  }),
});

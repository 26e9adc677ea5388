import type { Answer } from './script.ts';
import {
  countsOf,
  opaqueOf,
  pieceParts,
  sse,
  tokensOf,
  type Json,
  type StreamPart,
  type Wire,
} from './wire-parts.ts';

const chunk = (model: string, candidate: Json, rest: Json = {}): string =>
  sse({ candidates: [{ ...candidate, index: 0 }], modelVersion: model, responseId: 'test', ...rest });

const partOf = (model: string, part: Json): string =>
  chunk(model, { content: { role: 'model', parts: [part] } });

function usageOf(answer: Answer, promptSize: number): Json {
  const counts = countsOf(answer, promptSize);
  if (counts === null) return {};
  return {
    usageMetadata: {
      promptTokenCount: counts.prompt,
      ...(counts.cached === 0 ? {} : { cachedContentTokenCount: counts.cached }),
      candidatesTokenCount: counts.completion - counts.reasoning,
      ...(counts.reasoning === 0 ? {} : { thoughtsTokenCount: counts.reasoning }),
      totalTokenCount: counts.prompt + counts.completion,
    },
  };
}

/** Calls come whole, all in one chunk; the first carries the signature of the thoughts before it. */
function callsOf(model: string, answer: Answer): StreamPart[] {
  if (answer.toolCalls.length === 0) return [];
  const parts = answer.toolCalls.map(({ name, arguments: args }, index) => ({
    functionCall: { name, args },
    ...(index === 0 && answer.thinking !== undefined
      ? { thoughtSignature: opaqueOf('thought', answer.thinking) }
      : {}),
  }));
  return [{ line: chunk(model, { content: { role: 'model', parts } }) }];
}

const finishOf = (answer: Answer): string =>
  answer.refusal !== undefined
    ? 'PROHIBITED_CONTENT'
    : answer.doneReason === 'length'
      ? 'MAX_TOKENS'
      : 'STOP';

/** Gemini's `streamGenerateContent?alt=sse` (llm-protocols.md §2.2, 2.3). */
export const geminiWire: Wire = {
  contentType: 'text/event-stream',
  answer(model, answer, promptSize) {
    const thoughts = tokensOf(answer.thinking ?? '').map((text) => ({
      line: partOf(model, { text, thought: true }),
    }));
    const signature = answer.toolCalls.length === 0 && answer.thinking !== undefined;
    const end = {
      content: {
        role: 'model',
        parts: [
          {
            text: '',
            ...(signature ? { thoughtSignature: opaqueOf('thought', answer.thinking ?? '') } : {}),
          },
        ],
      },
      finishReason: finishOf(answer),
      ...(answer.refusal === undefined ? {} : { finishMessage: answer.refusal }),
    };
    return [
      ...thoughts,
      ...pieceParts(answer.text, (text) => partOf(model, { text })),
      ...callsOf(model, answer),
      { line: chunk(model, end, usageOf(answer, promptSize)) },
    ];
  },
  beginning: (model, text) => pieceParts(text, (piece) => partOf(model, { text: piece })),
  error: (message) => sse({ error: { code: 500, message, status: 'INTERNAL' } }),
  broken: (text) => `data: ${text}\n\n`,
};

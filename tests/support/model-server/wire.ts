import type { Answer, Chunking, Pieces, ScriptModel } from './script.ts';
import {
  countsOf,
  pieceParts,
  plainText,
  tokensOf,
  type Json,
  type StreamPart,
  type Wire,
} from './wire-parts.ts';

const chatLine = (model: string, message: Json, rest: Json = { done: false }): string =>
  `${JSON.stringify({
    model,
    created_at: new Date().toISOString(),
    message: { role: 'assistant', content: '', ...message },
    ...rest,
  })}\n`;

const textParts = (model: string, pieces: Pieces | undefined): StreamPart[] =>
  pieceParts(pieces, (token) => chatLine(model, { content: token }));

/** The whole stream of an answer. Thinking comes first, tool calls whole and in one line each, then `done`. */
export function answerParts(model: string, answer: Answer, promptSize: number): StreamPart[] {
  const thinking = tokensOf(answer.thinking ?? '').map((token) => ({
    line: chatLine(model, { thinking: token }),
  }));
  const calls = wireCalls(answer).map((call) => ({ line: chatLine(model, { tool_calls: [call] }) }));
  return [
    ...thinking,
    ...textParts(model, answer.text),
    ...calls,
    { line: chatLine(model, {}, doneFields(answer, promptSize)) },
  ];
}

/** The body of an answer when `stream` is false. */
export function answerBody(model: string, answer: Answer, promptSize: number): string {
  const calls = wireCalls(answer);
  const message = {
    content: plainText(answer.text),
    ...(answer.thinking === undefined ? {} : { thinking: answer.thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return chatLine(model, message, doneFields(answer, promptSize));
}

const wireCalls = (answer: Answer): Json[] =>
  answer.toolCalls.map((call) => ({ function: { name: call.name, arguments: call.arguments } }));

function doneFields(answer: Answer, promptSize: number): Json {
  const counts = countsOf(answer, promptSize);
  return {
    done: true,
    done_reason: answer.doneReason,
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    // Ollama leaves out fields that are zero.
    ...(counts === null || counts.prompt === 0
      ? {}
      : { prompt_eval_count: counts.prompt, prompt_eval_duration: 1_000_000 }),
    ...(counts === null || counts.completion === 0
      ? {}
      : { eval_count: counts.completion, eval_duration: 3_000_000 }),
  };
}

/** Ollama's own protocol (llm-protocols.md §3). */
export const ollamaWire: Wire = {
  contentType: 'application/x-ndjson',
  answer: answerParts,
  beginning: textParts,
  error: (message) => `${JSON.stringify({ error: message })}\n`,
  broken: (text) => `${text}\n`,
};

/** Cuts one run of lines (between two gates) into the writes that `chunking` asks for. */
export function cut(lines: readonly string[], chunking: Chunking | undefined): Uint8Array[] {
  const whole = new TextEncoder().encode(lines.join(''));
  if (chunking === 'lines') return lines.map((line) => new TextEncoder().encode(line));
  if (chunking === 'bytes') return slices(whole, 1);
  if (typeof chunking === 'number') return slices(whole, chunking);
  if (chunking !== undefined) return [whole.subarray(0, chunking.splitAt), whole.subarray(chunking.splitAt)];
  const average = whole.length / Math.max(1, lines.length);
  return slices(whole, Math.max(1, Math.ceil(average * 2.5)));
}

const slices = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

const detailsOf = (model: ScriptModel): Json => ({
  parent_model: '',
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '8.0B',
  quantization_level: 'Q4_K_M',
  context_length: model.contextLength,
});

export const tagOf = (model: ScriptModel): Json => ({
  name: model.name,
  model: model.name,
  modified_at: '2026-11-01T08:00:00Z',
  size: 4_920_753_328,
  digest: model.digest ?? `digest-of-${model.name}`,
  details: detailsOf(model),
});

export const showOf = (model: ScriptModel): Json => ({
  modelfile: '',
  template: '',
  details: detailsOf(model),
  model_info: { 'general.architecture': 'llama', 'llama.context_length': model.contextLength },
  capabilities: model.capabilities,
  modified_at: '2026-11-01T08:00:00Z',
});

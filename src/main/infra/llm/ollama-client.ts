import type { AbortableStream, OllamaClient } from 'ai-sdk-ollama';
import type { ChatRequest, ChatResponse } from 'ollama';
import { z } from 'zod';
import { networkError } from './http-errors.ts';
import { ModelFailure, oneLine } from './model-failure.ts';
import { linesOf } from './ndjson.ts';
import { ollamaAdvice, streamError } from './ollama-errors.ts';
import { callOllama, type OllamaHttp } from './ollama-http.ts';

/** One line of a chat stream. Tool calls are taken as they come: what is wrong with them the engine tells the model. */
const chatLineSchema = z.looseObject({
  error: z.string().optional(),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  message: z
    .looseObject({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z.array(z.unknown()).nullish(),
    })
    .optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
});

const toolCallSchema = z.looseObject({
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
});

/**
 * The transport under `ai-sdk-ollama` (docs/adr/0002). It replaces the `ollama` client, which prints bad lines and
 * error bodies to the console, skips lines that are not JSON, and loses `Retry-After`. Throws ModelFailure.
 */
export function createOllamaClient(http: OllamaHttp, signal: AbortSignal): OllamaClient {
  const unused = (): Promise<never> => Promise.reject(new Error('only streamed chats are used'));
  function chat(request: ChatRequest & { stream: true }): Promise<AbortableStream<ChatResponse>>;
  function chat(request: ChatRequest & { stream?: false }): Promise<ChatResponse>;
  async function chat(request: ChatRequest): Promise<AbortableStream<ChatResponse> | ChatResponse> {
    if (request.stream !== true) return unused();
    // Without this Ollama drops the oldest messages of a conversation that is too long, and says nothing.
    const body = { ...request, truncate: false };
    const response = await callOllama(http, { path: '/api/chat', body, model: request.model, signal });
    const stream = chatLines(response.body ?? emptyBody(), request.model);
    return { [Symbol.asyncIterator]: () => stream, abort: () => void stream.return(undefined) };
  }
  return { chat, embed: unused, webSearch: unused, webFetch: unused };
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** Ends after the `done` line; throws when the stream ends before it, whatever way. */
async function* chatLines(
  body: AsyncIterable<Uint8Array>,
  model: string,
): AsyncGenerator<ChatResponse, undefined, undefined> {
  let lines = 0;
  try {
    for await (const line of linesOf(body)) {
      lines += 1;
      const response = parseLine(line, model);
      yield response;
      if (response.done) return undefined;
    }
  } catch (thrown) {
    if (thrown instanceof ModelFailure || lines > 0) throw asCut(thrown);
    throw new ModelFailure(networkError(thrown, 'Ollama', ollamaAdvice));
  }
  throw lines === 0 ? failure('Ollama sent an empty answer.') : asCut(null);
}

const failure = (message: string): ModelFailure => new ModelFailure({ kind: 'bad_response', message });

const asCut = (thrown: unknown): ModelFailure =>
  thrown instanceof ModelFailure ? thrown : failure('The answer of Ollama was cut off before its end.');

function parseLine(line: string, model: string): ChatResponse {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw failure(`Ollama sent a line that is not JSON: ${oneLine(line, 80)}`);
  }
  const parsed = chatLineSchema.safeParse(json);
  if (!parsed.success) throw failure(`Ollama sent a line of an unknown shape: ${oneLine(line, 80)}`);
  if (parsed.data.error !== undefined) throw new ModelFailure(streamError(parsed.data.error, model));
  const { message } = parsed.data;
  const tool_calls = (message?.tool_calls ?? []).map(asToolCall);
  // The client's type names fields that a server leaves out when they are zero.
  return { ...parsed.data, message: { ...message, tool_calls } } as unknown as ChatResponse;
}

/** A call without a readable name gets an empty one, and what was sent as its arguments. */
function asToolCall(call: unknown): z.infer<typeof toolCallSchema> {
  const parsed = toolCallSchema.safeParse(call);
  return parsed.success ? parsed.data : { function: { name: '', arguments: call } };
}

import type { AbortableStream, OllamaClient } from 'ai-sdk-ollama';
import type { ChatRequest, ChatResponse } from 'ollama';
import { z } from 'zod';
import { ModelFailure, oneLine } from './model-failure.ts';
import { createLineStream } from './ndjson.ts';
import { callOllama, type OllamaHttp } from './ollama-http.ts';
import { createOllamaReader } from './ollama-reader.ts';
import { framesOf } from './stream-frames.ts';
import type { JsonObject } from './stream-reader.ts';

/** One line of a chat stream. Tool calls are taken as they come: what is wrong with them the engine tells the model. */
const chatLineSchema = z.looseObject({
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

/** Where a chat is made, and what the SDK need not know of it. */
export interface OllamaChat {
  http: OllamaHttp;
  signal: AbortSignal;
  /** See stream-frames.ts. */
  frameMs: number;
  /** Told before the stream ends, at most once: an error in it, or an end before its last line. */
  onFailure: (failure: ModelFailure) => void;
}

/**
 * The transport under `ai-sdk-ollama` (docs/adr/0002). It replaces the `ollama` client, which prints bad lines and
 * error bodies to the console, skips lines that are not JSON, and loses `Retry-After`. Throws ModelFailure.
 */
export function createOllamaClient(made: OllamaChat): OllamaClient {
  const { http, signal } = made;
  const unused = (): Promise<never> => Promise.reject(new Error('only streamed chats are used'));
  function chat(request: ChatRequest & { stream: true }): Promise<AbortableStream<ChatResponse>>;
  function chat(request: ChatRequest & { stream?: false }): Promise<ChatResponse>;
  async function chat(request: ChatRequest): Promise<AbortableStream<ChatResponse> | ChatResponse> {
    if (request.stream !== true) return unused();
    // Without this Ollama drops the oldest messages of a conversation that is too long, and says nothing.
    const body = { ...request, truncate: false };
    const response = await callOllama(http, { path: '/api/chat', body, model: request.model, signal });
    const stream = chatLines(response.body ?? emptyBody(), request.model, made);
    return { [Symbol.asyncIterator]: () => stream, abort: () => void stream.return(undefined) };
  }
  return { chat, embed: unused, webSearch: unused, webFetch: unused };
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** Ends after the `done` line, or where the stream fails. Throws for a line of another shape. */
async function* chatLines(
  body: AsyncIterable<Uint8Array>,
  model: string,
  { frameMs, onFailure }: OllamaChat,
): AsyncGenerator<ChatResponse, undefined, undefined> {
  const frames = framesOf(body, {
    text: createLineStream(),
    reader: createOllamaReader(model),
    name: 'Ollama',
    frameMs,
    onSignOfLife: () => undefined,
    onFailure,
  });
  for await (const lines of frames) for (const line of lines) yield asResponse(line);
  return undefined;
}

function asResponse(line: JsonObject): ChatResponse {
  const parsed = chatLineSchema.safeParse(line);
  if (!parsed.success) {
    const message = `Ollama sent a line of an unknown shape: ${oneLine(JSON.stringify(line), 80)}`;
    throw new ModelFailure({ kind: 'bad_response', message });
  }
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

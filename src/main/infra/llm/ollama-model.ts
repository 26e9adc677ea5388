import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelError, ModelEvent } from '../../domain/model-messages.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { failureIn, oneLine } from './model-failure.ts';
import type { OllamaHttp } from './ollama-http.ts';

export interface OllamaModelDeps {
  /** Read at each call, so that a change in Settings needs no restart. */
  baseUrl: () => string;
  fetch?: HttpFetch;
  /** How long Ollama keeps the model loaded after a call: longer than a job's pause between two steps. */
  keepAlive?: string;
}

/** Ollama behind the model port. `request.model` may still carry its `ollama/` prefix. */
export function createOllamaModel(deps: OllamaModelDeps): ModelPort {
  const http: OllamaHttp = { baseUrl: deps.baseUrl, fetch: deps.fetch ?? createHttpFetch() };
  const keepAlive = deps.keepAlive ?? '15m';
  return {
    async *stream(request, signal) {
      // Ours to abort too: a consumer that stops reading must close the connection as well.
      const inner = new AbortController();
      const both = AbortSignal.any([signal, inner.signal]);
      try {
        yield* untilEnd(callThroughSdk(http, keepAlive, request, both), signal);
      } finally {
        inner.abort();
      }
    },
  };
}

async function* callThroughSdk(
  http: OllamaHttp,
  keepAlive: string,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  signal.throwIfAborted();
  // Loaded on the first call: the SDK takes 0.2 s, which the start of the app need not pay.
  const [{ createOllama }, { createOllamaClient }, { sdkStream }] = await Promise.all([
    import('ai-sdk-ollama'),
    import('./ollama-client.ts'),
    import('./sdk-stream.ts'),
  ]);
  const provider = createOllama({ client: createOllamaClient(http, signal) });
  const model = provider.chat(request.model.replace(/^ollama\//, ''), {
    options: { num_ctx: request.contextTokens },
    keep_alive: keepAlive,
    reliableToolCalling: false,
    reliableObjectGeneration: false,
  });
  yield* sdkStream(model, request, signal);
}

/** Passes events on and makes the end of the contract: one `done` or one `error`, never a throw. */
async function* untilEnd(
  events: AsyncGenerator<ModelEvent, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  try {
    for await (const event of events) {
      yield event;
      if (event.type === 'done' || event.type === 'error') return;
    }
    yield { type: 'error', error: { kind: 'bad_response', message: 'The answer ended before it was done.' } };
  } catch (thrown) {
    yield { type: 'error', error: signal.aborted ? canceled : errorOf(thrown) };
  }
}

const canceled: ModelError = { kind: 'canceled', message: 'The model call was canceled.' };

/** What is not a ModelFailure was thrown by the SDK before anything was sent: a conversation that it cannot express. */
const errorOf = (thrown: unknown): ModelError =>
  failureIn(thrown) ?? {
    kind: 'unsupported',
    message: `This conversation cannot be sent: ${oneLine(thrown instanceof Error ? thrown.message : String(thrown))}`,
  };

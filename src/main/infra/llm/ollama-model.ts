import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import { modelPort } from './model-port.ts';
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
  return modelPort((request, signal) => callThroughSdk(http, keepAlive, request, signal));
}

async function* callThroughSdk(
  http: OllamaHttp,
  keepAlive: string,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
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
  yield* sdkStream({ model, request, signal });
}

import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import { createHttpFetch, type HttpFetch } from './http-fetch.ts';
import type { ModelFailure } from './model-failure.ts';
import { modelPort } from './model-port.ts';
import type { OllamaHttp } from './ollama-http.ts';
import { defaultFrameMs } from './stream-frames.ts';

export interface OllamaModelDeps {
  /** Read at each call, so that a change in Settings needs no restart. */
  baseUrl: () => string;
  fetch?: HttpFetch;
  /** How long Ollama keeps the model loaded after a call: longer than a job's pause between two steps. */
  keepAlive?: string;
  /** See stream-frames.ts. */
  frameMs?: number;
}

/** Ollama behind the model port. `request.model` may still carry its `ollama/` prefix. */
export function createOllamaModel(deps: OllamaModelDeps): ModelPort {
  const http: OllamaHttp = { baseUrl: deps.baseUrl, fetch: deps.fetch ?? createHttpFetch() };
  const options = { keepAlive: deps.keepAlive ?? '15m', frameMs: deps.frameMs ?? defaultFrameMs };
  return modelPort((request, signal) => callThroughSdk(http, options, request, signal));
}

async function* callThroughSdk(
  http: OllamaHttp,
  { keepAlive, frameMs }: { keepAlive: string; frameMs: number },
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  // Loaded on the first call: the SDK takes 0.2 s, which the start of the app need not pay.
  const [{ createOllama }, { createOllamaClient }, { sdkStream }] = await Promise.all([
    import('ai-sdk-ollama'),
    import('./ollama-client.ts'),
    import('./sdk-stream.ts'),
  ]);
  let failure: ModelFailure | null = null;
  const client = createOllamaClient({ http, signal, frameMs, onFailure: (wrong) => (failure = wrong) });
  const provider = createOllama({ client });
  const model = provider.chat(request.model.replace(/^ollama\//, ''), {
    options: { num_ctx: request.contextTokens },
    keep_alive: keepAlive,
    reliableToolCalling: false,
    reliableObjectGeneration: false,
  });
  yield* sdkStream({ model, request, signal, failure: () => failure });
}

import { z } from 'zod';
import { err, ok } from '../../../shared/errors.ts';
import type { ModelLibrary, PullProgress } from '../../app/ports/model.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import type { HttpFetch } from './http-fetch.ts';
import { failureIn, ModelFailure, oneLine } from './model-failure.ts';
import { linesOf } from './ndjson.ts';
import { callOllama, type OllamaHttp } from './ollama-http.ts';

const pullLineSchema = z.looseObject({
  status: z.string().default(''),
  digest: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
  error: z.string().optional(),
});

/** Facts of `/api/show` worth showing; the rest (licence, template, tensors) is long and says little. */
const shownKeys = ['details', 'model_info', 'capabilities', 'modified_at', 'parameters'];

/** The models on this machine that Ollama keeps (llm-protocols.md §3). */
export function createOllamaLibrary(deps: { baseUrl: () => string; fetch: HttpFetch }): ModelLibrary {
  const http: OllamaHttp = deps;
  return {
    async show(model, signal) {
      try {
        const response = await callOllama(http, { path: '/api/show', body: { model }, model, signal });
        const body = z.record(z.string(), z.unknown()).parse(JSON.parse(await response.text()));
        return ok(Object.fromEntries(Object.entries(body).filter(([key]) => shownKeys.includes(key))));
      } catch (thrown) {
        return err(errorOf(thrown, signal));
      }
    },
    async pull(model, onProgress, signal) {
      try {
        const body = { model, stream: true };
        const response = await callOllama(http, { path: '/api/pull', body, model, signal });
        if (response.body === null) throw endedEarly();
        return ok(await follow(response.body, onProgress));
      } catch (thrown) {
        return err(errorOf(thrown, signal));
      }
    },
  };
}

/** Layers come one after the other, each with its own total: what is shown is their sum so far. */
async function follow(
  body: AsyncIterable<Uint8Array>,
  onProgress: (progress: PullProgress) => void,
): Promise<null> {
  const layers = new Map<string, { total: number; completed: number }>();
  for await (const line of linesOf(body)) {
    const { status, digest, total, completed, error } = pullLineSchema.parse(JSON.parse(line));
    if (error !== undefined) throw new ModelFailure(pullError(error));
    if (digest !== undefined && total !== undefined) layers.set(digest, { total, completed: completed ?? 0 });
    if (status === 'success') return null;
    onProgress({ status, ...sumOf([...layers.values()]) });
  }
  throw endedEarly();
}

const sumOf = (layers: readonly { total: number; completed: number }[]) => ({
  totalBytes: layers.length === 0 ? null : layers.reduce((sum, layer) => sum + layer.total, 0),
  completedBytes: layers.length === 0 ? null : layers.reduce((sum, layer) => sum + layer.completed, 0),
});

const endedEarly = (): ModelFailure =>
  new ModelFailure({
    kind: 'bad_response',
    message: 'Ollama ended before the model was here. Try again: it goes on where it stopped.',
  });

function pullError(said: string): ModelError {
  const text = oneLine(said);
  if (/file does not exist|not found/i.test(said))
    return { kind: 'model_not_found', message: `There is no such model: ${text}` };
  if (/no space left/i.test(said))
    return {
      kind: 'bad_response',
      message: `The disk is full: make room where Ollama keeps its models (${text})`,
    };
  return { kind: 'bad_response', message: `Ollama could not get the model: ${text}` };
}

function errorOf(thrown: unknown, signal: AbortSignal): ModelError {
  if (signal.aborted) return { kind: 'canceled', message: 'It was stopped.' };
  return (
    failureIn(thrown) ?? {
      kind: 'bad_response',
      message: `Ollama's answer cannot be read: ${oneLine(thrown instanceof Error ? thrown.message : String(thrown))}`,
    }
  );
}

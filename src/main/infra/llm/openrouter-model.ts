import { z } from 'zod';
import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelEvent } from '../../domain/model-messages.ts';
import { openChat } from './chat-model.ts';
import { createChatReader } from './chat-reader.ts';
import { providerEndpoints } from './provider-endpoints.ts';
import { createSdkModel, type CallContext, type ProviderDeps } from './sdk-model.ts';
import { replayFor } from './sdk-replay.ts';
import { isObject, objectAt, onlyAt, type JsonObject } from './stream-reader.ts';

/** What OpenRouter says beside Chat Completions, of one answer. */
interface Extras {
  /** Opaque reasoning of the model behind it, wanted back as it came. */
  reasoning: JsonObject[];
  costUsd: number | null;
}

/** OpenRouter: Chat Completions, with its own reasoning parts and costs. */
export function createOpenRouterModel(deps: ProviderDeps = {}): ModelPort {
  // By call, since a port serves many at once.
  const extrasOf = new WeakMap<CallContext, Extras>();
  return createSdkModel(
    {
      provider: 'openrouter',
      name: 'OpenRouter',
      needsKey: true,
      transport: (context) => {
        const extras: Extras = { reasoning: [], costUsd: null };
        extrasOf.set(context, extras);
        return {
          headers: { 'x-title': 'Dev Crew' },
          reader: () =>
            createChatReader(context.server, {
              endsWithoutDone: false,
              onEvent: (event) => takeExtras(event, extras),
            }),
          adjust: (body) => adjust(body, context),
        };
      },
      open: openChat('openrouter'),
      finish: (context, event) => finished(event, extrasOf.get(context), context.model),
    },
    { endpoint: providerEndpoints.openrouter, ...deps },
  );
}

/** It leaves out by itself what a model does not take. */
function adjust(body: JsonObject, { request, model }: CallContext): void {
  body.usage = { include: true };
  if (request.effort !== undefined) body.reasoning = { effort: request.effort };
  const messages: unknown[] = Array.isArray(body.messages) ? body.messages : [];
  const answers = messages.filter((message) => isObject(message) && message.role === 'assistant');
  replaysOf(request, model).forEach((details, index) => {
    const answer = answers[index];
    if (details !== null && isObject(answer)) answer.reasoning_details = details;
  });
}

const detailsSchema = z.array(z.record(z.string(), z.json())).min(1);

/** What goes back with each answer of the conversation, in order; null for those without. */
const replaysOf = (request: ModelRequest, model: string): (JsonObject[] | null)[] =>
  request.messages.flatMap((message) =>
    message.role === 'assistant'
      ? [detailsSchema.safeParse(replayFor(message, 'openrouter', model)?.data).data ?? null]
      : [],
  );

/** Takes reasoning details out of a chunk: the SDK does not know them, and without them pieces of text can be joined. */
function takeExtras(event: JsonObject, extras: Extras): void {
  const { cost } = objectAt(event, 'usage');
  if (typeof cost === 'number') extras.costUsd = cost;
  const delta = objectAt(onlyAt(event, 'choices') ?? {}, 'delta');
  const details: unknown = delta.reasoning_details;
  delete delta.reasoning_details;
  if (Array.isArray(details))
    for (const detail of details) if (isObject(detail)) addDetail(extras.reasoning, detail);
}

/** Pieces of one detail follow each other; texts add up, what else they say holds for the whole. */
function addDetail(details: JsonObject[], piece: JsonObject): void {
  const open = details.at(-1);
  if (open === undefined || open.type !== piece.type || open.index !== piece.index) {
    details.push({ ...piece });
    return;
  }
  for (const [key, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const before = open[key];
    const grows = ['text', 'summary', 'data'].includes(key) && typeof before === 'string';
    open[key] = grows && typeof value === 'string' ? before + value : value;
  }
}

function finished(event: ModelEvent, extras: Extras | undefined, model: string): ModelEvent {
  if (event.type !== 'done' || extras === undefined) return event;
  const { reasoning, costUsd } = extras;
  return {
    ...event,
    usage: costUsd === null ? event.usage : { ...event.usage, costUsd },
    ...(reasoning.length === 0 ? {} : { replay: { provider: 'openrouter', model, data: reasoning } }),
  };
}

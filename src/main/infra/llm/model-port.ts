import type { ModelPort, ModelRequest } from '../../app/ports/model.ts';
import type { ModelError, ModelEvent } from '../../domain/model-messages.ts';
import { BrokenStream, modelFailureIn, oneLine } from './model-failure.ts';

type Events = AsyncGenerator<ModelEvent, void, undefined>;

/**
 * A port out of a generator that may throw: it never throws, ends in one `done` or one `error`, and aborts the
 * generator's signal when the consumer stops reading, so that the connection closes.
 */
export function modelPort(run: (request: ModelRequest, signal: AbortSignal) => Events): ModelPort {
  return {
    async *stream(request, signal) {
      const inner = new AbortController();
      try {
        yield* untilEnd(run(request, AbortSignal.any([signal, inner.signal])), signal);
      } finally {
        inner.abort();
      }
    },
  };
}

async function* untilEnd(events: Events, signal: AbortSignal): Events {
  let delivered = false;
  try {
    signal.throwIfAborted();
    for await (const event of events) {
      yield event;
      if (event.type === 'done' || event.type === 'error') return;
      delivered ||= event.type === 'tool_call' || event.type === 'text';
    }
    yield { type: 'error', error: { kind: 'bad_response', message: 'The answer ended before it was done.' } };
  } catch (thrown) {
    yield { type: 'error', error: signal.aborted ? canceled : errorOf(thrown, delivered) };
  }
}

const canceled: ModelError = { kind: 'canceled', message: 'The model call was canceled.' };

/** What is not a ModelFailure was thrown by the SDK before anything was sent: a conversation that it cannot express. */
function errorOf(thrown: unknown, delivered: boolean): ModelError {
  const failure = modelFailureIn(thrown);
  if (failure instanceof BrokenStream && !delivered)
    return { kind: 'network', message: failure.modelError.message };
  if (failure !== null) return failure.modelError;
  const reason = oneLine(thrown instanceof Error ? thrown.message : String(thrown));
  return { kind: 'unsupported', message: `This conversation cannot be sent: ${reason}` };
}

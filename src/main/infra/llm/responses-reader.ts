import { streamFailure, type StreamSource } from './stream-failure.ts';
import {
  appendText,
  content,
  isObject,
  last,
  objectAt,
  signOfLife,
  type JsonObject,
  type StreamReader,
} from './stream-reader.ts';

/** Pieces of text, each named by its item and its place within it. */
const pieces: ReadonlySet<unknown> = new Set([
  'response.output_text.delta',
  'response.refusal.delta',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.function_call_arguments.delta',
]);
const places = ['item_id', 'output_index', 'content_index', 'summary_index'];

/** OpenAI Responses, also as the Codex backend speaks them (llm-protocols.md §2.1). */
export function createResponsesReader(source: StreamSource): StreamReader {
  return {
    read(event) {
      switch (event.type) {
        case 'error':
          return { is: 'failure', error: streamFailure(event, source) };
        case 'response.failed':
          return { is: 'failure', error: streamFailure(objectAt(event, 'response'), source) };
        case 'response.done':
          return doneAs(event, source);
        case 'response.completed':
        case 'response.incomplete':
          return last;
        case 'keepalive':
        case 'response.queued':
          return signOfLife;
        default:
          return content;
      }
    },
    append: (into, next) =>
      pieces.has(next.type) &&
      into.type === next.type &&
      places.every((place) => into[place] === next[place]) &&
      appendText(into, next, 'delta'),
    mayEnd: () => false,
  };
}

/** The SDK does not know `response.done`: it gets the name that says the same. */
function doneAs(event: JsonObject, source: StreamSource): ReturnType<StreamReader['read']> {
  const response = objectAt(event, 'response');
  if (response.status === 'failed' || isObject(response.error))
    return { is: 'failure', error: streamFailure(response, source) };
  event.type = isObject(response.incomplete_details) ? 'response.incomplete' : 'response.completed';
  return last;
}

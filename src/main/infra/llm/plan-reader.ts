import { createResponsesReader } from './responses-reader.ts';
import type { StreamSource } from './stream-failure.ts';
import { objectAt, signOfLife, type JsonObject, type StreamReader } from './stream-reader.ts';

/** Events that an answer is made of. */
const wanted: ReadonlySet<unknown> = new Set([
  'response.output_item.added',
  'response.output_item.done',
  'response.output_text.delta',
  'response.refusal.delta',
  'response.refusal.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
  'response.reasoning_summary_text.delta',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.completed',
  'response.done',
  'response.incomplete',
  'response.failed',
  'error',
]);
const wantedItems: ReadonlySet<unknown> = new Set(['message', 'reasoning', 'function_call']);

/**
 * Responses as a ChatGPT plan gives them (llm-protocols.md §2.1). Only what an answer is made of reaches the SDK, which
 * gives up on an event that it knows in another form; the rest says that the provider lives. `onOther` hears of that
 * first; it must not throw.
 */
export function createPlanReader(
  source: StreamSource,
  onOther: (event: JsonObject) => void = () => undefined,
): StreamReader {
  const reader = createResponsesReader(source);
  return {
    ...reader,
    read(event) {
      if (wanted.has(event.type) && isWantedItem(event)) return reader.read(event);
      onOther(event);
      return signOfLife;
    },
  };
}

const isWantedItem = (event: JsonObject): boolean =>
  event.item === undefined || wantedItems.has(objectAt(event, 'item').type);

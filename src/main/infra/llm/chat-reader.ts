import { streamFailure, type StreamSource } from './stream-failure.ts';
import {
  appendText,
  content,
  objectAt,
  onlyAt,
  type JsonObject,
  type StreamReader,
} from './stream-reader.ts';

export interface ChatReaderOptions {
  /** Some servers send no `[DONE]`: with this an answer is whole when it has a finish reason. */
  endsWithoutDone: boolean;
  /** Told of each event, before the SDK sees it. */
  onEvent?: (event: JsonObject) => void;
}

/** OpenAI Chat Completions and what speaks them: OpenRouter, LM Studio, vLLM, llama.cpp (llm-protocols.md §2.3). */
export function createChatReader(source: StreamSource, options: ChatReaderOptions): StreamReader {
  let finished = false;
  return {
    read(event) {
      // vLLM sends its errors without a wrapper.
      if (event.error != null || event.object === 'error')
        return { is: 'failure', error: streamFailure(event, source) };
      options.onEvent?.(event);
      finished ||= choiceOf(event)?.finish_reason != null;
      return content;
    },
    append: (into, next) => {
      const [before, more] = [pieceOf(into), pieceOf(next)];
      if (before === null || more === null || before.place !== more.place) return false;
      if (!appendText(before.at, more.at, more.key)) return false;
      // Servers that count as they go send the count so far with each piece.
      if (next.usage != null) into.usage = next.usage;
      return true;
    },
    mayEnd: () => finished && options.endsWithoutDone,
  };
}

const choiceOf = (event: JsonObject): JsonObject | null => onlyAt(event, 'choices');

const texts: ReadonlySet<string> = new Set(['content', 'reasoning', 'reasoning_content', 'refusal']);

/** The one text that a chunk adds, where it adds nothing else: the object and key it is at, and what it belongs to. */
function pieceOf(event: JsonObject): { at: JsonObject; key: string; place: string } | null {
  const choice = choiceOf(event);
  if (choice === null || choice.finish_reason != null) return null;
  const delta = objectAt(choice, 'delta');
  const keys = Object.keys(delta).filter((key) => key !== 'role' && delta[key] != null && delta[key] !== '');
  const key = keys[0];
  if (key === undefined || keys.length > 1) return null;
  if (texts.has(key)) return { at: delta, key, place: key };
  const call = key === 'tool_calls' ? onlyAt(delta, key) : null;
  if (typeof call?.index !== 'number') return null;
  return { at: objectAt(call, 'function'), key: 'arguments', place: `call ${call.index}` };
}

import { streamFailure, type StreamSource } from './stream-failure.ts';
import { appendText, content, last, objectAt, signOfLife, type StreamReader } from './stream-reader.ts';

/** Keys of the texts of a delta, by its type. A signature comes whole. */
const texts: Record<string, string> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
};

/** Anthropic Messages (llm-protocols.md §2.3). */
export function createAnthropicReader(source: StreamSource): StreamReader {
  return {
    read(event) {
      switch (event.type) {
        case 'error':
          return { is: 'failure', error: streamFailure(event, source) };
        case 'ping':
          return signOfLife;
        case 'message_stop':
          return last;
        default:
          return content;
      }
    },
    append: (into, next) => {
      if (into.type !== 'content_block_delta' || next.type !== into.type || next.index !== into.index)
        return false;
      const [before, more] = [objectAt(into, 'delta'), objectAt(next, 'delta')];
      const key = texts[String(more.type)];
      return key !== undefined && before.type === more.type && appendText(before, more, key);
    },
    mayEnd: () => false,
  };
}

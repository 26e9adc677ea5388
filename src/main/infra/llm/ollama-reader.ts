import { streamError } from './ollama-errors.ts';
import { appendText, content, isObject, last, type JsonObject, type StreamReader } from './stream-reader.ts';

/** Lines of Ollama's chat (llm-protocols.md §3). */
export function createOllamaReader(model: string): StreamReader {
  return {
    read(line) {
      if (typeof line.error === 'string') return { is: 'failure', error: streamError(line.error, model) };
      return line.done === true ? last : content;
    },
    append: (into, next) => {
      const [before, more] = [pieceOf(into), pieceOf(next)];
      return (
        before?.key === more?.key &&
        before !== null &&
        more !== null &&
        appendText(before.at, more.at, more.key)
      );
    },
    mayEnd: () => false,
  };
}

/** The one text that a line adds, where it adds nothing else. */
function pieceOf(line: JsonObject): { at: JsonObject; key: string } | null {
  const { message } = line;
  if (line.done === true || !isObject(message)) return null;
  const keys = Object.keys(message).filter(
    (key) => key !== 'role' && message[key] != null && message[key] !== '',
  );
  const [key] = keys;
  return key !== undefined && keys.length === 1 && (key === 'content' || key === 'thinking')
    ? { at: message, key }
    : null;
}

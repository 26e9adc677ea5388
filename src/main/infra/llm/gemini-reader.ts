import { streamFailure, type StreamSource } from './stream-failure.ts';
import {
  appendText,
  content,
  last,
  objectAt,
  onlyAt,
  type JsonObject,
  type StreamReader,
} from './stream-reader.ts';

/**
 * Gemini's `streamGenerateContent` (llm-protocols.md §2.2, 2.3; without the wrapper of Code Assist). No event says that
 * it is the last: that is the one with a finish reason and the counts. An answer that has the reason alone is whole
 * when its body ends.
 */
export function createGeminiReader(source: StreamSource): StreamReader {
  let finished = false;
  return {
    read(event) {
      if (event.error != null) return { is: 'failure', error: streamFailure(event, source) };
      finished ||= typeof onlyAt(event, 'candidates')?.finishReason === 'string' || isBlocked(event);
      return finished && event.usageMetadata != null ? last : content;
    },
    append: (into, next) => {
      const [before, more] = [textPartOf(into), textPartOf(next)];
      if (before === null || more === null || before.thought !== more.thought) return false;
      if (!appendText(before, more, 'text')) return false;
      into.usageMetadata = next.usageMetadata ?? into.usageMetadata;
      return true;
    },
    mayEnd: () => finished,
  };
}

/** The prompt was refused: there are no candidates then. */
const isBlocked = (event: JsonObject): boolean =>
  typeof objectAt(event, 'promptFeedback').blockReason === 'string';

/** The text that a chunk adds, where it adds nothing else: a signature belongs to its own part. */
function textPartOf(event: JsonObject): JsonObject | null {
  const candidate = onlyAt(event, 'candidates');
  if (candidate === null || candidate.finishReason != null) return null;
  const part = onlyAt(objectAt(candidate, 'content'), 'parts');
  return part === null || part.thoughtSignature != null || typeof part.text !== 'string' ? null : part;
}

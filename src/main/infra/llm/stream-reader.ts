import type { ModelError } from '../../domain/model-messages.ts';

export type JsonObject = Record<string, unknown>;

/** What one event of a stream means to the transport (stream-frames.ts). */
export type Verdict =
  /** Goes on to the SDK; it may be changed before. */
  | { is: 'content' }
  /** Says nothing but that the provider lives. */
  | { is: 'sign_of_life' }
  /** Goes on, and nothing after it counts: the body may stay open. */
  | { is: 'last' }
  | { is: 'failure'; error: ModelError };

/** How one protocol's stream is read. One for each stream: it may remember what it saw. */
export interface StreamReader {
  read(event: JsonObject): Verdict;
  /** Appends the text of `next` to `into` when both are pieces of the same text; false (and no change) when not. */
  append(into: JsonObject, next: JsonObject): boolean;
  /** Is an answer whole that ends here, without an event that says so or a `[DONE]`. */
  mayEnd(): boolean;
}

export const content: Verdict = { is: 'content' };
export const last: Verdict = { is: 'last' };
export const signOfLife: Verdict = { is: 'sign_of_life' };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object at a key, or an empty one. */
export const objectAt = (from: JsonObject, key: string): JsonObject => {
  const value = from[key];
  return isObject(value) ? value : {};
};

/** The only element of a list of objects at a key; null when there are more, or none. */
export const onlyAt = (from: JsonObject, key: string): JsonObject | null => {
  const list: unknown = from[key];
  const only: unknown = Array.isArray(list) && list.length === 1 ? list[0] : null;
  return isObject(only) ? only : null;
};

/** `into[key] += next[key]` where both are texts. */
export function appendText(into: JsonObject, next: JsonObject, key: string): boolean {
  const [before, more] = [into[key], next[key]];
  if (typeof before !== 'string' || typeof more !== 'string') return false;
  into[key] = before + more;
  return true;
}

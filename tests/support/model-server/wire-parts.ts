import type { Answer, Pieces } from './script.ts';

/** What a stream is made of: bytes to write, or a gate to wait at. */
export type StreamPart = { line: string } | { gate: string };

export type Json = Record<string, unknown>;

/** How a protocol writes what the script says. */
export interface Wire {
  contentType: string;
  /** The whole stream of an answer. */
  answer(model: string, answer: Answer, promptSize: number): StreamPart[];
  /** The beginning of one, up to the end of its text. */
  beginning(model: string, text: Pieces | undefined): StreamPart[];
  /** An error in the middle. */
  error(message: string): string;
  /** A piece of the stream that holds this instead of JSON. */
  broken(text: string): string;
}

/** Tokens as a model would stream them: at most four letters, spaces in front. */
export const tokensOf = (text: string): string[] => text.match(/\s*\S{1,4}|\s+$/gu) ?? [];

/** Pieces of a long argument or signature, which have no words. */
export const chunksOf = (text: string): string[] => text.match(/[^]{1,7}/gu) ?? [''];

/** Each token through `line`; gates stay where they are. */
export function pieceParts(pieces: Pieces | undefined, line: (token: string) => string): StreamPart[] {
  const list = typeof pieces === 'string' ? [pieces] : (pieces ?? []);
  return list.flatMap((piece): StreamPart[] =>
    typeof piece === 'string' ? tokensOf(piece).map((token) => ({ line: line(token) })) : [piece],
  );
}

export const plainText = (pieces: Pieces | undefined): string =>
  typeof pieces === 'string' ? pieces : (pieces ?? []).filter((piece) => typeof piece === 'string').join('');

export const argumentsText = (call: Answer['toolCalls'][number]): string =>
  typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);

/** Counts of an answer; null where the script leaves them out. */
export function countsOf(answer: Answer, promptSize: number): NonNullable<Answer['usage']> | null {
  if (answer.usage !== undefined) return answer.usage;
  const reasoning = tokensOf(answer.thinking ?? '').length;
  const spoken = tokensOf(`${plainText(answer.text)}${answer.refusal ?? ''}`).length;
  return {
    prompt: Math.ceil(promptSize / 4),
    completion: reasoning + spoken + 12 * answer.toolCalls.length,
    cached: 0,
    cacheWrite: 0,
    reasoning,
  };
}

export const sse = (event: Json, named = false): string =>
  `${named ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

let made = 0;
/** Ids differ within a process, as a service's do. */
export const freshId = (prefix: string): string => `${prefix}_${(made += 1).toString(36).padStart(8, '0')}`;

/** What a service would encrypt or sign, so that a test can tell whose it is. */
export const opaqueOf = (kind: string, text: string): string =>
  Buffer.from(`${kind}:${text}`).toString('base64');

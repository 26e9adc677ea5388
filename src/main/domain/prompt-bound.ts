import type { ModelMessage, ToolSpec } from './model-messages.ts';

/** What of a request becomes tokens. */
export interface PromptParts {
  system: string;
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  responseSchema?: Record<string, unknown> | undefined;
}

/** Tokens that a provider adds of its own: its template around a call, a message, a tool, and what explains tools. */
const perCall = 256;
const perMessage = 16;
const perTool = 64;
const forTools = 1024;

/** The dearest picture in the providers' own tables: a large one with GPT-4o mini comes to 48,169 tokens. */
export const imageTokens = 50_000;

/**
 * The most tokens that a provider can count for the prompt. The tokenizers of all providers fall back to single bytes
 * where they know nothing longer, so a text never has more tokens than UTF-8 bytes; ordinary text has a quarter of
 * that, digits and rare scripts come close to it. Texts are measured as JSON, since some providers wrap them in it.
 */
export function promptBound({ system, messages, tools, responseSchema }: PromptParts): number {
  return (
    perCall +
    bytesOf(system) +
    messagesBound(messages) +
    (tools.length === 0 ? 0 : forTools + tools.length * perTool + bytesOf(tools)) +
    (responseSchema === undefined ? 0 : forTools + bytesOf(responseSchema))
  );
}

/** The same for messages that are added to a conversation whose prompt the provider has counted already. */
export const messagesBound = (messages: readonly ModelMessage[]): number =>
  messages.reduce((sum, message) => sum + perMessage + messageBound(message), 0);

function messageBound(message: ModelMessage): number {
  const images = message.role === 'user' ? (message.images ?? []) : [];
  const text = message.role === 'user' ? { ...message, images: undefined } : message;
  return bytesOf(text) + images.length * imageTokens;
}

const encoder = new TextEncoder();
const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value) ?? '').byteLength;

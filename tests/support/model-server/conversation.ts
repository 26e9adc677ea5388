import { z } from 'zod';
import { InvalidRequest } from './invalid-request.ts';
import { readAnthropic } from './read-anthropic.ts';
import { readChat } from './read-chat.ts';
import { readGemini } from './read-gemini.ts';
import { readOllama } from './read-ollama.ts';
import { readResponses } from './read-responses.ts';
import type { ProtocolName } from './protocols.ts';

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
}

/** A request as every protocol means it. */
export interface Conversation {
  turns: Turn[];
  tools: string[];
  /** An answer by JSON schema is asked for. */
  format: boolean;
  stream: boolean;
}

/** How a protocol's request is read: the schema refuses what the real service would refuse. */
export type ReadConversation = (body: unknown) => Conversation;

const readers: Record<ProtocolName, ReadConversation> = {
  ollama: readOllama,
  chat: readChat,
  responses: readResponses,
  anthropic: readAnthropic,
  gemini: readGemini,
};

/** Consecutive pieces of an answer are one turn: some protocols send its parts one by one. */
export function turnsOf(protocol: ProtocolName, body: unknown): Conversation | { invalid: string } {
  try {
    const conversation = readers[protocol](body);
    const turns: Turn[] = [];
    for (const turn of conversation.turns) {
      const before = turns.at(-1);
      if (turn.role === 'assistant' && before?.role === 'assistant') before.text += turn.text;
      else turns.push({ ...turn });
    }
    return { ...conversation, turns };
  } catch (error) {
    if (error instanceof z.ZodError) return { invalid: z.prettifyError(error) };
    if (error instanceof InvalidRequest) return { invalid: error.message };
    throw error;
  }
}

import { z } from 'zod';
import type { Conversation } from './conversation.ts';

const chatSchema = z.looseObject({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'user', 'assistant', 'tool']),
        content: z.string().default(''),
      }),
    )
    .default([]),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
  format: z.unknown().optional(),
  stream: z.boolean().default(true),
});

export function readOllama(body: unknown): Conversation {
  const { messages, tools, format, stream } = chatSchema.parse(body);
  return {
    turns: messages.map(({ role, content }) => ({ role, text: content })),
    tools: (tools ?? []).map((tool) => tool.function.name),
    format: format !== undefined && format !== null && format !== '',
    stream,
  };
}

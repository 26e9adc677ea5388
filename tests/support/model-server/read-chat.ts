import { z } from 'zod';
import type { Conversation, Turn } from './conversation.ts';
import { requireAnswered } from './invalid-request.ts';

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string().regex(/^data:image\/[a-z]+;base64,/) }),
});
const contentSchema = z.union([z.string(), z.array(z.union([textPart, imagePart])).min(1)]);

const messageSchema = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content: contentSchema }),
  z.looseObject({ role: z.literal('user'), content: contentSchema }),
  z.looseObject({
    role: z.literal('assistant'),
    content: contentSchema.nullish(),
    tool_calls: z
      .array(
        z.looseObject({
          id: z.string().min(1),
          type: z.literal('function'),
          // OpenAI wants a text of JSON here, not an object.
          function: z.looseObject({ name: z.string(), arguments: z.string() }),
        }),
      )
      .min(1)
      .optional(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content: contentSchema }),
]);

const requestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name: z.string(),
          parameters: z.looseObject({ type: z.literal('object') }),
        }),
      }),
    )
    .optional(),
  response_format: z
    .looseObject({ type: z.literal('json_schema'), json_schema: z.looseObject({ schema: z.unknown() }) })
    .optional(),
  stream: z.literal(true),
  stream_options: z.looseObject({ include_usage: z.literal(true) }),
});

export function readChat(body: unknown): Conversation {
  const request = requestSchema.parse(body);
  let open: string[] = [];
  const turns = request.messages.flatMap((message, index): Turn[] => {
    if (message.role !== 'tool' && open.length > 0) requireAnswered(open, []);
    switch (message.role) {
      case 'tool':
        requireAnswered(
          open.filter((id) => id === message.tool_call_id),
          [message.tool_call_id],
        );
        open = open.filter((id) => id !== message.tool_call_id);
        if (index === request.messages.length - 1) requireAnswered(open, []);
        return [{ role: 'tool', text: textIn(message.content) }];
      case 'assistant':
        open = (message.tool_calls ?? []).map((call) => call.id);
        return [{ role: 'assistant', text: textIn(message.content ?? '') }];
      case 'user':
        return [{ role: 'user', text: textIn(message.content) }];
      case 'system':
      case 'developer':
        return [{ role: 'system', text: textIn(message.content) }];
    }
  });
  return {
    turns,
    tools: (request.tools ?? []).map((tool) => tool.function.name),
    format: request.response_format !== undefined,
    stream: true,
  };
}

const textIn = (content: z.infer<typeof contentSchema>): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('');

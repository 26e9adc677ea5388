import { z } from 'zod';
import type { Conversation, Turn } from './conversation.ts';
import { requireAnswered } from './invalid-request.ts';

const partSchema = z.union([
  z.looseObject({ type: z.enum(['input_text', 'output_text']), text: z.string() }),
  z.looseObject({
    type: z.literal('input_image'),
    image_url: z.string().regex(/^data:image\/[a-z]+;base64,/),
  }),
]);

/** Items as llm-protocols.md §2.1 lists them; `item_reference` would need what is stored, and nothing is. */
const itemSchema = z.union([
  z.looseObject({
    type: z.literal('message').optional(),
    role: z.enum(['system', 'developer', 'user', 'assistant']),
    content: z.union([z.string(), z.array(partSchema)]),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.looseObject({ type: z.literal('function_call_output'), call_id: z.string(), output: z.string() }),
  z.looseObject({
    type: z.literal('reasoning'),
    encrypted_content: z.string().min(1),
    summary: z.array(z.looseObject({ type: z.literal('summary_text'), text: z.string() })),
  }),
]);

const requestSchema = z.looseObject({
  model: z.string().min(1),
  instructions: z.string().nullish(),
  input: z.array(itemSchema).min(1),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        name: z.string(),
        parameters: z.looseObject({ type: z.literal('object') }),
        strict: z.boolean(),
      }),
    )
    .optional(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).optional() }).optional(),
  store: z.literal(false),
  stream: z.literal(true),
  prompt_cache_key: z.string().max(64).optional(),
});

export function readResponses(body: unknown): Conversation {
  const { input, instructions, tools, text } = requestSchema.parse(body);
  const calls = input.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []));
  const results = input.flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : []));
  requireAnswered(calls, results);
  return {
    turns: [
      ...(instructions == null ? [] : [{ role: 'system' as const, text: instructions }]),
      ...input.map(turnOf),
    ],
    tools: (tools ?? []).map((tool) => tool.name),
    format: text?.format?.type === 'json_schema',
    stream: true,
  };
}

function turnOf(item: z.infer<typeof itemSchema>): Turn {
  switch (item.type) {
    case 'function_call':
    case 'reasoning':
      return { role: 'assistant', text: '' };
    case 'function_call_output':
      return { role: 'tool', text: item.output };
    default: {
      const { role, content } = item;
      const text =
        typeof content === 'string'
          ? content
          : content
              .map((part) => ('text' in part && typeof part.text === 'string' ? part.text : ''))
              .join('');
      return { role: role === 'developer' ? 'system' : role, text };
    }
  }
}

import { z } from 'zod';
import type { Conversation, Turn } from './conversation.ts';
import { InvalidRequest, requireAnswered } from './invalid-request.ts';

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.string().optional() }).optional();
const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  cache_control: cacheControl,
});

const userBlock = z.discriminatedUnion('type', [
  textBlock,
  z.strictObject({
    type: z.literal('image'),
    source: z.strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.string().min(1) }),
    cache_control: cacheControl,
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(textBlock)]),
    is_error: z.boolean().optional(),
    cache_control: cacheControl,
  }),
]);
const assistantBlock = z.discriminatedUnion('type', [
  textBlock,
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) }),
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
]);

const requestSchema = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().min(1),
  system: z.array(textBlock).optional(),
  messages: z
    .array(
      z.discriminatedUnion('role', [
        z.strictObject({ role: z.literal('user'), content: z.array(userBlock).min(1) }),
        z.strictObject({ role: z.literal('assistant'), content: z.array(assistantBlock).min(1) }),
      ]),
    )
    .min(1),
  tools: z
    .array(z.looseObject({ name: z.string(), input_schema: z.looseObject({ type: z.literal('object') }) }))
    .optional(),
  output_config: z.looseObject({ format: z.unknown().optional() }).optional(),
  tool_choice: z.looseObject({ type: z.string() }).optional(),
  stream: z.literal(true),
});

export function readAnthropic(body: unknown): Conversation {
  const request = requestSchema.parse(body);
  const breakpoints = JSON.stringify(body).match(/"cache_control":/g)?.length ?? 0;
  if (breakpoints > 4) throw new InvalidRequest(`${breakpoints} blocks with cache_control; at most 4`);
  let calls: string[] = [];
  const turns = request.messages.flatMap((message, index): Turn[] => {
    if (message.role !== (index % 2 === 0 ? 'user' : 'assistant'))
      throw new InvalidRequest('roles must alternate');
    if (message.role === 'assistant') {
      calls = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
      return [{ role: 'assistant', text: message.content.map(textIn).join('') }];
    }
    requireAnswered(
      calls,
      message.content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : [])),
    );
    calls = [];
    return message.content.flatMap((block): Turn[] => {
      if (block.type === 'image') return [];
      return [{ role: block.type === 'tool_result' ? 'tool' : 'user', text: textIn(block) }];
    });
  });
  return {
    turns: [
      ...(request.system ?? []).map((block) => ({ role: 'system' as const, text: block.text })),
      ...turns,
    ],
    tools: (request.tools ?? []).map((tool) => tool.name),
    format:
      request.output_config?.format !== undefined ||
      (request.tools ?? []).some((tool) => tool.name === 'json'),
    stream: true,
  };
}

function textIn(block: z.infer<typeof userBlock> | z.infer<typeof assistantBlock>): string {
  if (block.type === 'text') return block.text;
  if (block.type !== 'tool_result') return '';
  return typeof block.content === 'string' ? block.content : block.content.map((part) => part.text).join('');
}

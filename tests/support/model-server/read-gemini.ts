import { z } from 'zod';
import type { Conversation, Turn } from './conversation.ts';
import { InvalidRequest } from './invalid-request.ts';

const signature = z.string().min(1).optional();
const partSchema = z.union([
  z.strictObject({ text: z.string(), thought: z.boolean().optional(), thoughtSignature: signature }),
  z.strictObject({ inlineData: z.strictObject({ mimeType: z.string(), data: z.string().min(1) }) }),
  z.strictObject({
    functionCall: z.strictObject({
      id: z.string().optional(),
      name: z.string(),
      args: z.record(z.string(), z.unknown()),
    }),
    thoughtSignature: signature,
  }),
  z.strictObject({
    functionResponse: z.strictObject({
      id: z.string().optional(),
      name: z.string(),
      response: z.record(z.string(), z.unknown()),
    }),
  }),
]);
type Part = z.infer<typeof partSchema>;

const requestSchema = z.looseObject({
  contents: z
    .array(z.strictObject({ role: z.enum(['user', 'model']), parts: z.array(partSchema).min(1) }))
    .min(1),
  systemInstruction: z.looseObject({ parts: z.array(z.looseObject({ text: z.string() })) }).optional(),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })) }))
    .optional(),
  generationConfig: z.looseObject({ responseMimeType: z.string().optional() }).optional(),
});

export function readGemini(body: unknown): Conversation {
  const request = requestSchema.parse(body);
  requirePairs(request.contents.map((content) => content.parts));
  const turns = request.contents.flatMap(({ role, parts }): Turn[] =>
    role === 'model'
      ? [{ role: 'assistant', text: parts.map(textIn).join('') }]
      : parts.flatMap((part): Turn[] => {
          if ('inlineData' in part) return [];
          return [{ role: 'functionResponse' in part ? 'tool' : 'user', text: textIn(part) }];
        }),
  );
  const system = (request.systemInstruction?.parts ?? []).map((part) => part.text).join('\n');
  return {
    turns: [...(system === '' ? [] : [{ role: 'system' as const, text: system }]), ...turns],
    tools: (request.tools ?? []).flatMap((tool) =>
      tool.functionDeclarations.map((declared) => declared.name),
    ),
    format: request.generationConfig?.responseMimeType === 'application/json',
    stream: true,
  };
}

/** As many responses as there were calls, in the turn right after them. */
function requirePairs(turns: readonly (readonly Part[])[]): void {
  turns.forEach((parts, index) => {
    const calls = parts.filter((part) => 'functionCall' in part).length;
    const responses = (turns[index + 1] ?? []).filter((part) => 'functionResponse' in part).length;
    if (calls !== responses)
      throw new InvalidRequest(`${calls} function calls, and ${responses} responses in the next turn`);
  });
}

function textIn(part: Part): string {
  if ('text' in part) return part.thought === true ? '' : part.text;
  if (!('functionResponse' in part)) return '';
  const { response } = part.functionResponse;
  return typeof response.content === 'string' ? response.content : JSON.stringify(response);
}

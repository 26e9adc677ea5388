import { z } from 'zod';

/** The part of Ollama's chat request that matching looks at; everything else is recorded, not judged. */
const chatSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().default('') })).default([]),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
  format: z.unknown().optional(),
  stream: z.boolean().default(true),
});

export interface Facts {
  path: string;
  model: string;
  role: string | null;
  system: string;
  users: string[];
  toolResult: string | null;
  step: number;
  format: boolean;
  tools: string[];
  stream: boolean;
  /** Characters of all messages, for the token estimate. */
  size: number;
}

const rolePattern = /^You are the (.+?) of a Dev Crew\./m;

/** Facts of a request, or what is wrong with its body. */
export function factsOf(path: string, body: unknown): Facts | { invalid: string } {
  if (path !== '/api/chat') return { ...noChat, path, model: modelOf(body) };
  const parsed = chatSchema.safeParse(body);
  if (!parsed.success) return { invalid: z.prettifyError(parsed.error) };
  const { model, messages, tools, format, stream } = parsed.data;
  const system = texts(messages, 'system').join('\n');
  const lastAnswer = messages.findLastIndex((message) => message.role === 'assistant');
  const results = texts(messages.slice(lastAnswer + 1), 'tool');
  return {
    path,
    model,
    role: rolePattern.exec(system)?.[1] ?? null,
    system,
    users: texts(messages, 'user'),
    toolResult: results.length > 0 ? results.join('\n') : null,
    step: texts(messages, 'assistant').length,
    format: format !== undefined && format !== null && format !== '',
    tools: (tools ?? []).map((tool) => tool.function.name),
    stream,
    size: messages.reduce((sum, message) => sum + message.content.length, 0),
  };
}

const noChat = {
  role: null,
  system: '',
  users: [],
  toolResult: null,
  step: 0,
  format: false,
  tools: [],
  stream: false,
  size: 0,
};

const texts = (messages: { role: string; content: string }[], role: string): string[] =>
  messages.filter((message) => message.role === role).map((message) => message.content);

function modelOf(body: unknown): string {
  const parsed = z.looseObject({ model: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.model : '';
}

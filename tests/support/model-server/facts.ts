import { z } from 'zod';
import { turnsOf, type Turn } from './conversation.ts';
import { geminiModel, protocolOf, type ProtocolName } from './protocols.ts';

/** The part of a request that matching looks at; everything else is recorded, not judged. */
export interface Facts {
  path: string;
  /** Null for what calls no model. */
  protocol: ProtocolName | null;
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
  const protocol = protocolOf(path);
  if (protocol === null) return { ...noChat, path, model: modelOf(body) };
  const read = turnsOf(protocol, body);
  if ('invalid' in read) return read;
  const { turns, tools, format, stream } = read;
  const system = texts(turns, 'system').join('\n');
  const lastAnswer = turns.findLastIndex((turn) => turn.role === 'assistant');
  const results = texts(turns.slice(lastAnswer + 1), 'tool');
  return {
    path,
    protocol,
    model: geminiModel(path) ?? modelOf(body),
    role: rolePattern.exec(system)?.[1] ?? null,
    system,
    users: texts(turns, 'user'),
    toolResult: results.length > 0 ? results.join('\n') : null,
    step: texts(turns, 'assistant').length,
    format,
    tools,
    stream,
    size: turns.reduce((sum, turn) => sum + turn.text.length, 0),
  };
}

const noChat = {
  protocol: null,
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

const texts = (turns: readonly Turn[], role: Turn['role']): string[] =>
  turns.filter((turn) => turn.role === role).map((turn) => turn.text);

function modelOf(body: unknown): string {
  const parsed = z.looseObject({ model: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.model : '';
}

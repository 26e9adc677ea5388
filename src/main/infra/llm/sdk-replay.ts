import type { AssistantContent, Experimental_LanguageModelStreamPart as StreamPart, JSONValue } from 'ai';
import { z } from 'zod';
import type { ModelMessage, ModelReplay } from '../../domain/model-messages.ts';

type Content = Exclude<AssistantContent, string>;
type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;

const optionsSchema = z.record(z.string(), z.record(z.string(), z.json()));

/**
 * What an answer was made of, in its order. Text and tool calls stand in the message itself, so that only what cannot
 * be made anew is kept twice: `text` is a number of UTF-16 units, a call the next of the message's calls.
 */
const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reasoning'), text: z.string(), options: optionsSchema.optional() }),
  z.object({ type: z.literal('text'), length: z.number().int().min(0), options: optionsSchema.optional() }),
  z.object({ type: z.literal('tool_call'), options: optionsSchema.optional() }),
]);
type ReplayPart = z.infer<typeof partSchema>;

/** Keys of the SDK's metadata that hold what a provider wants to see again. */
const opaque = ['reasoningEncryptedContent', 'signature', 'redactedData', 'thoughtSignature', 'phase'];

/** Gathers the opaque parts of an answer from the SDK's stream. */
export interface ReplayRecorder {
  note(part: StreamPart): void;
  /** Undefined where the answer held nothing opaque. */
  data(): unknown;
}

export function createReplayRecorder(): ReplayRecorder {
  const parts: ReplayPart[] = [];
  const open = new Map<string, ReplayPart>();
  const at = (id: string, type: 'text' | 'reasoning'): ReplayPart => {
    const known = open.get(`${type} ${id}`);
    if (known !== undefined) return known;
    const part: ReplayPart = type === 'text' ? { type, length: 0 } : { type, text: '' };
    parts.push(part);
    open.set(`${type} ${id}`, part);
    return part;
  };
  return {
    note(part) {
      switch (part.type) {
        case 'text-start':
        case 'text-delta':
        case 'text-end':
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end': {
          const type = part.type.startsWith('text') ? 'text' : 'reasoning';
          if (part.type.endsWith('-start')) open.delete(`${type} ${part.id}`);
          const kept = at(part.id, type);
          if ('text' in part && kept.type === 'text') kept.length += part.text.length;
          if ('text' in part && kept.type === 'reasoning') kept.text += part.text;
          addOptions(kept, part.providerMetadata);
          return;
        }
        case 'tool-call': {
          const kept: ReplayPart = { type: 'tool_call' };
          addOptions(kept, part.providerMetadata);
          parts.push(kept);
          return;
        }
        default:
      }
    },
    // Thoughts that nobody signed are only a summary for people.
    data: () =>
      parts.some(isOpaque)
        ? parts.filter((part) => part.type !== 'reasoning' || part.options !== undefined)
        : undefined,
  };
}

/** Later metadata of a part add to the earlier, and never take a value back. */
function addOptions(part: ReplayPart, metadata: unknown): void {
  const parsed = optionsSchema.safeParse(metadata);
  if (!parsed.success) return;
  for (const [provider, values] of Object.entries(parsed.data)) {
    const said = Object.entries(values).filter(([, value]) => value !== null);
    part.options = {
      ...part.options,
      [provider]: { ...part.options?.[provider], ...Object.fromEntries(said) },
    };
  }
}

const isOpaque = (part: ReplayPart): boolean =>
  Object.values(part.options ?? {}).some((values) => opaque.some((key) => key in values));

/** The replay of a message when it belongs to that provider and model, else null. */
export function replayFor(message: AssistantMessage, provider: string, model: string): ModelReplay | null {
  const { replay } = message;
  return replay?.provider === provider && replay.model === model ? replay : null;
}

/** The content of an answer as its provider made it; null where what is kept does not fit the message. */
export function replayedContent(message: AssistantMessage, replay: ModelReplay): Content | null {
  const parsed = z.array(partSchema).safeParse(replay.data);
  if (!parsed.success) return null;
  const parts = parsed.data;
  if (parts.filter((part) => part.type === 'tool_call').length !== message.toolCalls.length) return null;
  const texts = textsOf(message.text, parts);
  const calls = message.toolCalls.values();
  return parts.flatMap((part): Content => {
    const providerOptions = part.options as Record<string, Record<string, JSONValue>> | undefined;
    switch (part.type) {
      case 'reasoning':
        return [{ type: 'reasoning', text: part.text, providerOptions }];
      case 'text': {
        const text = texts.shift() ?? '';
        return text === '' && providerOptions === undefined ? [] : [{ type: 'text', text, providerOptions }];
      }
      case 'tool_call': {
        const call = calls.next().value;
        if (call === undefined) return [];
        const { callId, name, input } = call;
        return [
          { type: 'tool-call', toolCallId: callId, toolName: name, input: asObject(input), providerOptions },
        ];
      }
    }
  });
}

/** The text cut as it came; in one piece at the first place where its length has changed (redaction). */
function textsOf(text: string, parts: readonly ReplayPart[]): string[] {
  const lengths = parts.flatMap((part) => (part.type === 'text' ? [part.length] : []));
  if (lengths.reduce((sum, length) => sum + length, 0) !== text.length) return [text];
  let from = 0;
  return lengths.map((length) => text.slice(from, (from += length)));
}

/** Providers take objects only; arguments that were not one go back to the model as it wrote them. */
export const asObject = (input: unknown): object =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? input
    : { malformed_arguments: input };

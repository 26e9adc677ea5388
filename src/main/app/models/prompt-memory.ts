import { createHash } from 'node:crypto';
import { messagesBound, promptBound, type PromptParts } from '../../domain/prompt-bound.ts';

/**
 * What providers counted for the prompts of conversations under way. A call that goes on with a conversation is bound by
 * that count and the bytes of what was added, which is far closer than the bytes of it all; it is no guess, because what
 * was sent before is the same to the letter. Lost with the process: then the bytes count once more.
 */
export interface PromptMemory {
  /** The most tokens that the provider can count for this prompt. */
  bound(conversation: Conversation, prompt: PromptParts): number;
  /** The provider has counted it. */
  counted(conversation: Conversation, prompt: PromptParts, promptTokens: number): void;
}

export interface Conversation {
  jobId: string;
  agent: string;
  /** `provider:account/model`: another tokenizer counts otherwise. */
  model: string;
}

interface Counted {
  messages: number;
  digest: string;
  promptTokens: number;
}

const keptConversations = 256;
/** A count below this part of the bytes is none: a server that leaves out what it had cached would be believed. */
const leastShare = 1 / 12;

export function createPromptMemory(): PromptMemory {
  const known = new Map<string, Counted>();
  const keyOf = ({ jobId, agent, model }: Conversation): string => JSON.stringify([jobId, agent, model]);
  return {
    bound: (conversation, prompt) => {
      const whole = promptBound(prompt);
      const before = known.get(keyOf(conversation));
      if (before === undefined || digestOf(prompt, before.messages) !== before.digest) return whole;
      return Math.min(whole, before.promptTokens + messagesBound(prompt.messages.slice(before.messages)));
    },
    counted: (conversation, prompt, promptTokens) => {
      const key = keyOf(conversation);
      known.delete(key);
      if (promptTokens < promptBound(prompt) * leastShare) return;
      const messages = prompt.messages.length;
      known.set(key, { messages, digest: digestOf(prompt, messages), promptTokens });
      const [oldest] = known.keys();
      if (known.size > keptConversations && oldest !== undefined) known.delete(oldest);
    },
  };
}

/** Of everything that goes before message `count`, and of the tools, which stand before the messages. */
function digestOf({ system, messages, tools, responseSchema }: PromptParts, count: number): string {
  if (messages.length < count) return '';
  const text = JSON.stringify([system, tools, responseSchema ?? null, messages.slice(0, count)]);
  return createHash('sha256').update(text).digest('base64');
}

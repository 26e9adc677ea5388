import { expect } from 'vitest';
import type { gist } from '../fixtures.ts';

/** A provider's stream as its service sends it (shapes as recorded in 2026, shortened), and what is to come of it. */
export interface Recorded {
  name: string;
  stream: string;
  /** No event of it says that it is the last: only the end of the body does. */
  endless?: true;
  /** What the end must have; text, reasoning and calls must be these exactly. */
  expected: Pick<ReturnType<typeof gist>, 'text' | 'reasoning' | 'calls'> & { end: object };
}

/** Server-sent events; `named` with their type in front, as OpenAI and Anthropic send them. */
export const events = (named: boolean, ...list: readonly object[]): string =>
  list
    .map((event) => {
      const type = 'type' in event ? String(event.type) : '';
      return `${named ? `event: ${type}\n` : ''}data: ${JSON.stringify(event)}\n\n`;
    })
    .join('');

export const silent = { text: '', reasoning: '', calls: [] };

export const done = (finishReason: string, usage: Partial<Record<string, number>>) => ({
  type: 'done',
  finishReason,
  usage: { cachedTokens: 0, reasoningTokens: 0, estimated: false, ...usage },
});

export const failed = (kind: string, message: string) => ({
  type: 'error',
  error: { kind, message: expect.stringContaining(message) as string },
});

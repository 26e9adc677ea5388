import type { Role } from '../../shared/roles.ts';
import type { EventBus } from './event-bus.ts';
import type { Redactor } from './ports/system.ts';

export interface Delta {
  jobId: string;
  agent: string;
  role: Role;
  text: string;
}

/** Text held back at most before it goes out without a line end, in characters. */
const maxHeld = 160;
/** Words of an unfinished line that stay behind: a phone number or a header with its token may have so many. */
const keptWords = 6;
/** Longest private key that is waited for, in characters. */
const maxKey = 16_384;

export interface DeltaPublisher {
  push(delta: Delta): void;
  /** The answer has ended. What is still held is dropped: the event of the step has the whole text. */
  end(who: Pick<Delta, 'jobId' | 'agent'>): void;
}

/**
 * Announces the text of agents as it streams. Text goes out in whole lines, or between the words of a long one, so that
 * what is to be redacted is not cut in two; order within an agent is kept.
 */
export function createDeltaPublisher(bus: EventBus, redactor: Redactor): DeltaPublisher {
  const held = new Map<string, string>();
  const tails = new Map<string, Promise<void>>();
  const keyOf = ({ jobId, agent }: Pick<Delta, 'jobId' | 'agent'>): string => `${jobId} ${agent}`;
  const push = ({ jobId, agent, role, text }: Delta): void => {
    const key = keyOf({ jobId, agent });
    const buffer = (held.get(key) ?? '') + text;
    const end = cutAt(buffer);
    const rest = buffer.slice(end);
    if (rest) held.set(key, rest);
    else held.delete(key);
    if (end === 0) return;
    const tail = (tails.get(key) ?? Promise.resolve()).then(async () => {
      const shown = await redactor.text(buffer.slice(0, end));
      bus.publishDelta({ kind: 'delta', job_id: jobId, agent, agent_role: role, text: shown });
    });
    tails.set(key, tail);
    void tail.then(() => (tails.get(key) === tail ? tails.delete(key) : undefined));
  };
  return { push, end: (who) => void held.delete(keyOf(who)) };
}

/** How much of `buffer` may go out now. */
function cutAt(buffer: string): number {
  const key = openKey(buffer);
  const line = buffer.slice(0, key).lastIndexOf('\n') + 1;
  if (line > 0 || key < buffer.length) return line;
  return buffer.length > maxHeld ? beforeLastWords(buffer) : 0;
}

/** Where a private key begins whose end has not come yet, else the end of the text. */
function openKey(text: string): number {
  const begin = text.lastIndexOf('-----BEGIN ');
  if (begin < 0 || text.length - begin > maxKey) return text.length;
  const end = text.indexOf('-----END ', begin);
  return end >= 0 && text.includes('\n', end) ? text.length : begin;
}

function beforeLastWords(text: string): number {
  let at = text.length;
  for (let word = 0; word < keptWords && at > 0; word += 1) at = text.lastIndexOf(' ', at - 1);
  return Math.max(at, 0);
}

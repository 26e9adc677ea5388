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

/**
 * Announces the text of agents as it streams. Text goes out in whole lines, or at a space in a long one, so that
 * what is to be redacted is not cut in two; order within an agent is kept.
 */
export function createDeltaPublisher(bus: EventBus, redactor: Redactor): (delta: Delta) => void {
  const held = new Map<string, string>();
  const tails = new Map<string, Promise<void>>();
  return ({ jobId, agent, role, text }) => {
    const key = `${jobId} ${agent}`;
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
}

/** How much of `buffer` may go out now. */
function cutAt(buffer: string): number {
  const line = buffer.lastIndexOf('\n') + 1;
  if (line > 0) return line;
  return buffer.length > maxHeld ? buffer.lastIndexOf(' ') + 1 : 0;
}

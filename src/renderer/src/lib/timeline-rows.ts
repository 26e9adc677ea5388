import { type EventMetadata, parseEventMetadata } from '../../../shared/events.ts';
import type { JobEvent } from '../../../shared/job.ts';

type MetadataOf<T extends EventMetadata['event_type']> = Extract<EventMetadata, { event_type: T }>;
export type ToolResult = MetadataOf<'tool_result'>;

/** One row of the timeline. A step of an agent holds the results of its tool calls, by call id. */
export interface Row {
  key: number;
  event: JobEvent;
  /** Null for an event of a later version of the app. */
  metadata: EventMetadata | null;
  results: Readonly<Record<string, ToolResult>>;
}

const stepKey = (of: { agent: string; task_id: string | null; step: number }): string =>
  `${of.agent}\n${of.task_id ?? ''}\n${of.step}`;

/**
 * Rows from events in order of their id. `append` costs only what is new; a row that changes is a new object, all
 * others stay the same, so that only changed rows are drawn again.
 */
export class TimelineRows {
  #events: JobEvent[] = [];
  #rows: Row[] = [];
  #rowOfStep = new Map<string, number>();

  get events(): readonly JobEvent[] {
    return this.#events;
  }

  /** A new array whenever something has changed since the last call of `append` or `prepend`. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  get lastId(): number {
    return this.#events.at(-1)?.id ?? 0;
  }

  /** Events at or below the last one known are skipped: a replay may repeat them. */
  append(events: readonly JobEvent[]): boolean {
    const fresh = events.filter((event) => event.id > this.lastId);
    if (fresh.length === 0) return false;
    this.#rows = this.#rows.slice();
    for (const event of fresh) this.#add(event);
    return true;
  }

  prepend(older: readonly JobEvent[]): void {
    const firstId = this.#events[0]?.id ?? Infinity;
    this.#rebuild([...older.filter((event) => event.id < firstId), ...this.#events]);
  }

  /** Forgets all but the last `count` events, which a page that follows the end cannot see anyway. */
  keepLast(count: number): void {
    this.#rebuild(this.#events.slice(-count));
  }

  #rebuild(events: readonly JobEvent[]): void {
    this.#events = [];
    this.#rows = [];
    this.#rowOfStep = new Map();
    for (const event of events) this.#add(event);
  }

  #add(event: JobEvent): void {
    // A page may hold an event twice when it was loaded and streamed at once.
    if (event.id <= this.lastId) return;
    this.#events.push(event);
    const metadata = parseEventMetadata(event.metadata);
    if (metadata?.event_type === 'tool_result' && this.#attach(metadata)) return;
    if (metadata?.event_type === 'agent_step') this.#rowOfStep.set(stepKey(metadata), this.#rows.length);
    this.#rows.push({ key: event.id, event, metadata, results: {} });
  }

  /** False when the step is not among the loaded events; the result then stands alone. */
  #attach(result: ToolResult): boolean {
    const index = this.#rowOfStep.get(stepKey(result));
    const row = index === undefined ? undefined : this.#rows[index];
    if (index === undefined || row?.metadata?.event_type !== 'agent_step') return false;
    if (!row.metadata.tool_calls.some((call) => call.call_id === result.call_id)) return false;
    this.#rows[index] = { ...row, results: { ...row.results, [result.call_id]: result } };
    return true;
  }
}

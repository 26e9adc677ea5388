import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { FeedFrame } from '../../../shared/events.ts';
import { type JobEvent, isTerminal } from '../../../shared/job.ts';
import type { Role } from '../../../shared/roles.ts';
import { type Row, TimelineRows } from '../lib/timeline-rows.ts';
import { coalesce } from './coalesce.ts';

export interface LiveText {
  role: Role;
  text: string;
}
export type TaskStatus = 'started' | 'finished' | 'failed';

export interface TimelineState {
  rows: readonly Row[];
  hasOlder: boolean;
  loaded: boolean;
  loadingOlder: boolean;
  error: AppError | null;
  /** What agents are writing right now, by agent. */
  live: Readonly<Record<string, LiveText>>;
  taskStatus: Readonly<Record<string, TaskStatus>>;
}

const pageSize = 500;
/** Characters of streaming text that are kept: its whole comes with the step. */
const longestLiveText = 8_000;
/** A page that follows the end forgets what is this far behind; scrolling up loads it again. */
const mostFollowed = 6_000;
const keptFollowed = 3_000;

export type Timeline = ReturnType<typeof createTimeline>;

/** Events of one job: the end first, older ones when asked for, new ones as they come. */
export function createTimeline(client: CrewClient, jobId: string) {
  const store = createStore<TimelineState>(() => ({
    rows: [],
    hasOlder: false,
    loaded: false,
    loadingOlder: false,
    error: null,
    live: {},
    taskStatus: {},
  }));
  const { getState: get, setState: set } = store;
  const rows = new TimelineRows();
  /** Came over the feed while what lies before it was asked for: appended first, it would leave a hole for ever. */
  let early: JobEvent[] = [];
  let catchingUp = 0;
  /** Whether the last catching up reached the end. */
  let isComplete = false;
  let isFollowing = true;

  const append = (events: readonly JobEvent[]): void => {
    if (!rows.append(events)) return;
    const isLong = isFollowing && rows.rows.length > mostFollowed;
    if (isLong) rows.keepLast(keptFollowed);
    const taskStatus = withTasks(get().taskStatus, events);
    set({ rows: rows.rows, taskStatus, ...(isLong && { hasOlder: true }) });
  };

  const failed = (error: AppError): false => {
    set({ error });
    return false;
  };

  async function loadEnd(): Promise<boolean> {
    const page = await client.call('jobs.timeline', { job_id: jobId, tail: true, limit: pageSize });
    if (!page.ok) return failed(page.error);
    append(page.value.events);
    set({ loaded: true, error: null, hasOlder: page.value.more });
    return true;
  }

  async function loadSince(): Promise<boolean> {
    for (;;) {
      const after = rows.lastId;
      const page = await client.call('jobs.timeline', { job_id: jobId, after, limit: 1000 });
      if (!page.ok) return failed(page.error);
      append(page.value.events);
      if (page.value.more && rows.lastId > after) continue;
      set({ error: null });
      return true;
    }
  }

  const load = coalesce(async () => {
    const wasLoaded = get().loaded;
    isComplete = wasLoaded || (await loadEnd());
    // The end may be from before the feed was open, and what came over the feed from after it.
    if (isComplete && (wasLoaded || early.length > 0)) isComplete = await loadSince();
  });

  return {
    store,
    /** Fills what is missing at the end; the first time, loads the end. */
    async catchUp(): Promise<void> {
      catchingUp += 1;
      await load();
      catchingUp -= 1;
      if (catchingUp > 0 || !isComplete) return;
      append(early);
      early = [];
    },
    follow: (following: boolean): void => void (isFollowing = following),
    take(frames: readonly FeedFrame[]): void {
      const events = frames.flatMap((frame) => (frame.kind === 'event' ? [frame.event] : []));
      if (catchingUp === 0 && isComplete) append(events);
      else early.push(...events);
      const live = withFrames(get().live, frames);
      if (live !== get().live) set({ live });
    },
    async loadOlder(): Promise<void> {
      const { hasOlder, loadingOlder } = get();
      const first = rows.events[0];
      if (!hasOlder || loadingOlder || !first) return;
      set({ loadingOlder: true });
      const page = await client.call('jobs.timeline', {
        job_id: jobId,
        tail: true,
        before: first.id,
        limit: pageSize,
      });
      if (!page.ok) return set({ loadingOlder: false, error: page.error });
      rows.prepend(page.value.events);
      const taskStatus = { ...withTasks({}, page.value.events), ...get().taskStatus };
      set({ rows: rows.rows, hasOlder: page.value.more, loadingOlder: false, taskStatus });
    },
  };
}

function withTasks(
  before: Readonly<Record<string, TaskStatus>>,
  events: readonly JobEvent[],
): Readonly<Record<string, TaskStatus>> {
  let after = before;
  for (const { metadata } of events) {
    if (metadata['event_type'] !== 'task_status') continue;
    after = { ...after, [String(metadata['task_id'])]: metadata['status'] as TaskStatus };
  }
  return after;
}

/** Streaming text grows by deltas and goes when its step is there, or when the job has ended. */
export function withFrames(
  before: Readonly<Record<string, LiveText>>,
  frames: readonly FeedFrame[],
): Readonly<Record<string, LiveText>> {
  let after = before;
  for (const frame of frames) {
    if (frame.kind === 'delta') {
      const text = ((after[frame.agent]?.text ?? '') + frame.text).slice(-longestLiveText);
      after = { ...after, [frame.agent]: { role: frame.agent_role, text } };
    } else if (frame.kind === 'done' || isTerminal(frame.event.state)) {
      if (Object.keys(after).length > 0) after = {};
    } else if (frame.event.metadata['event_type'] === 'agent_step') {
      const agent = String(frame.event.metadata['agent']);
      if (agent in after)
        after = Object.fromEntries(Object.entries(after).filter(([name]) => name !== agent));
    }
  }
  return after;
}

import type { Approval, JobMode, JobState, WaitingFor } from '../../shared/job.ts';
import type { EventMetadata } from '../../shared/events.ts';

/**
 * A job as folded from its events: the state of the decider and the row of the `jobs` projection.
 * `version` counts the events folded in; commits are refused when it has moved (optimistic concurrency).
 */
export interface JobRecord {
  jobId: string;
  goal: string;
  repo: string;
  baseBranch: string;
  workBranch: string;
  state: JobState;
  mode: JobMode;
  waitingFor: WaitingFor | null;
  approval: Approval;
  priority: number;
  model: string;
  managerModel: string;
  specialists: 'auto' | 'all';
  transitionsUsed: number;
  maxStateTransitions: number;
  toolCallsUsed: number;
  maxToolCalls: number;
  /** Limits of what its model calls may cost and use, in micro-dollars and tokens; null is no limit. */
  maxCostMicros: number | null;
  maxTokens: number | null;
  autoFixRounds: number;
  /** Newest plan, 0 before the first. */
  planVersion: number;
  /** Plan that may be executed, 0 before approval. */
  approvedPlanVersion: number;
  /** Number of snapshots taken so far. */
  snapshots: number;
  baseCommit: string | null;
  headCommit: string | null;
  error: string | null;
  retryOf: string | null;
  idempotencyKey: string | null;
  version: number;
  /** Epoch milliseconds. */
  createdAtMs: number;
  updatedAtMs: number;
}

type WithoutOrder<T> = T extends unknown ? Omit<T, 'call_order'> : never;
/** Metadata as decided; `call_order` is given when the event is numbered. */
export type EventDetail = WithoutOrder<EventMetadata>;

/** An event decided but not yet stored. `state` is the job's state after it. */
export interface NewJobEvent {
  state: JobState;
  message: string;
  detail: EventDetail;
}

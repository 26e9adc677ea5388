import type { AppError } from '../../../shared/errors.ts';
import type { JobEvent, JobState, WaitingFor } from '../../../shared/job.ts';
import type { Escalation, EscalationView } from '../../../shared/escalation.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Report } from '../../../shared/report.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { TranscriptEntry } from '../../domain/transcript.ts';
import type { AccountsTable, LoginsTable, SecretsTable } from './account-store.ts';
import type { LedgerTable, UsageTable } from './money-store.ts';

/** Times are epoch milliseconds everywhere in this file, except in wire types (`JobEvent`, `Escalation`: ISO 8601 UTC). */

export interface EventToAppend {
  /** 1-based within the job; UNIQUE(job_id, version). */
  version: number;
  atMs: number;
  state: JobState;
  message: string;
  /** Already redacted, with `call_order`. */
  metadata: Record<string, unknown>;
}

export interface JobsTable {
  insert(job: JobRecord): void;
  /**
   * Writes the projection if the stored version still is `expectedVersion`; false when it has moved. What a job is
   * created with (goal, repository, mode, models, limits) stays as it was inserted.
   */
  update(job: JobRecord, expectedVersion: number): boolean;
  get(jobId: string): JobRecord | null;
  /** Newest first by (createdAtMs, jobId). `before` is a job id. */
  list(query: { limit: number; before?: string; state?: JobState; waiting?: boolean }): {
    jobs: JobRecord[];
    next: string | null;
    total: number;
  };
  /** How many jobs wait for a human. */
  countWaiting(): number;
  /** Jobs that wait for that, oldest first. */
  waitingFor(what: WaitingFor): JobRecord[];
  recentRepos(limit: number): { repo: string; baseBranch: string; lastUsedAtMs: number }[];
}

export interface EventsTable {
  /** Appends in order and returns the stored events with their global ids. */
  append(jobId: string, events: readonly EventToAppend[]): JobEvent[];
  /** Events with `afterId < id` (and `id < beforeId`), ascending; with `tail`, the last `limit` of them, still ascending. */
  ofJob(
    jobId: string,
    query: { afterId: number; beforeId?: number; limit: number; tail?: boolean },
  ): JobEvent[];
  all(afterId: number, limit: number): JobEvent[];
  last(jobId: string): JobEvent | null;
  /** Highest id stored, 0 when empty. */
  head(): number;
}

export interface QueueTable {
  /** Adds the job or, if it is queued already, makes it available at `availableAtMs` unless sooner. A live lease stays. */
  enqueue(jobId: string, priority: number, availableAtMs: number): void;
  remove(jobId: string): void;
  /**
   * Leases the first available job (priority desc, then availableAt, then insertion) whose lease is free or has ended.
   * Null when there is none.
   */
  claim(owner: string, nowMs: number, leaseMs: number): string | null;
  /** Extends the leases of `owner`; returns the job ids it still holds. */
  heartbeat(owner: string, nowMs: number, leaseMs: number): string[];
  holds(jobId: string, owner: string, nowMs: number): boolean;
  /** Gives the lease back; the row stays and is available again at `availableAtMs`. */
  release(jobId: string, owner: string, availableAtMs: number): void;
  /** Live leases of anybody. */
  leases(nowMs: number): { jobId: string; owner: string }[];
  /** When the next claim can succeed: epoch ms of the earliest available row or lease end, null when the queue is empty. */
  nextAvailableAt(nowMs: number): number | null;
  /** Rows that are not leased. */
  countQueued(nowMs: number): number;
}

export interface ReceiptsTable {
  get(key: string): { jobId: string; requestHash: string } | null;
  insert(key: string, jobId: string, requestHash: string, atMs: number): void;
}

export interface PlansTable {
  insert(jobId: string, version: number, plan: Plan, atMs: number): void;
  get(jobId: string, version: number): { version: number; plan: Plan; createdAtMs: number } | null;
}

export type TaskStatus = 'pending' | 'running' | 'done' | 'failed';
export interface TaskRow {
  jobId: string;
  taskId: string;
  status: TaskStatus;
  summary: string;
}
export interface TasksTable {
  upsert(row: TaskRow): void;
  ofJob(jobId: string): TaskRow[];
}

/** The transcript of one agent of a job, entry by entry; (jobId, agent, seq) is unique and seq counts from 0. */
export interface TranscriptTable {
  append(jobId: string, agent: string, seq: number, entry: TranscriptEntry, atMs: number): void;
  of(jobId: string, agent: string): TranscriptEntry[];
  agents(jobId: string): string[];
}

export interface SandboxRunRow {
  runId: string;
  jobId: string;
  purpose: 'work' | 'baseline' | 'verification' | 'dry_run';
  command: string;
  exitCode: number | null;
  timedOut: boolean;
  durationMs: number;
  /** Redacted and capped. */
  output: string;
  atMs: number;
}
export interface SandboxRunsTable {
  insert(row: SandboxRunRow): void;
  ofJob(jobId: string): SandboxRunRow[];
}

export interface EscalationsTable {
  insert(escalation: Escalation): void;
  get(id: string): EscalationView | null;
  ofJob(jobId: string): EscalationView[];
  list(query: { limit: number; open?: boolean }): EscalationView[];
  countOpen(): number;
  /** False when it was resolved already. */
  resolve(id: string, atMs: number, answer: string | null): boolean;
  /** Escalations with a row position above `afterSeq`, ascending, for the JSON Lines file. */
  since(afterSeq: number, limit: number): { seq: number; escalation: Escalation }[];
}

/** A record of compatibility.md §3; `job_id` is null for records of the app itself. */
export interface AuditEntry {
  at: string;
  job_id: string | null;
  category:
    | 'job'
    | 'workflow'
    | 'state_transition'
    | 'agent'
    | 'crewai'
    | 'tool_call'
    | 'escalation'
    | 'policy'
    | 'system';
  action: string;
  metadata: Record<string, unknown>;
}
/** As stored: sequence number from 1 and the chain. `hash` covers the record, its number and `prev_hash`. */
export interface AuditRecord extends AuditEntry {
  seq: number;
  prev_hash: string;
  hash: string;
}
export interface AuditTable {
  /** Chains and stores. Must run in the transaction of what it records. */
  append(entries: readonly AuditEntry[]): void;
  since(afterSeq: number, limit: number): AuditRecord[];
  count(): number;
}

export interface ReportsTable {
  save(jobId: string, report: Report, atMs: number): void;
  get(jobId: string): Report | null;
}

/** Small named JSON values: settings the user changed, installation id, resumable facts of a job (`job:<id>:…`). */
export interface ValuesTable {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  remove(key: string): void;
}

export interface Tables {
  jobs: JobsTable;
  events: EventsTable;
  queue: QueueTable;
  receipts: ReceiptsTable;
  plans: PlansTable;
  tasks: TasksTable;
  transcript: TranscriptTable;
  sandboxRuns: SandboxRunsTable;
  escalations: EscalationsTable;
  audit: AuditTable;
  ledger: LedgerTable;
  usage: UsageTable;
  reports: ReportsTable;
  values: ValuesTable;
  accounts: AccountsTable;
  secrets: SecretsTable;
  logins: LoginsTable;
}

/**
 * Thrown by any call of the store when the disk or the file is at fault: full, read-only, damaged, locked for too long.
 * Nothing of the transaction was committed. The edges answer with `failure` (`unavailable`).
 */
export class StoreUnavailable extends Error {
  readonly failure: AppError;
  constructor(failure: AppError, cause?: unknown) {
    super(failure.message, { cause });
    this.name = 'StoreUnavailable';
    this.failure = failure;
  }
}

/**
 * The one store. Synchronous, because SQLite is. Reads may use `tables` directly. Every write happens inside of `commit`
 * or `transaction` (BEGIN IMMEDIATE), is durable before its caller hears of it, and is undone when `work` throws.
 */
export interface Store {
  tables: Tables;
  /**
   * The way to write of whatever happens often. Units of one turn of the event loop share a commit, and so an fsync;
   * each succeeds or fails as if it were alone, in the order in which they were handed in. Resolves after the commit
   * with what `work` returned; rejects with what it threw, or with `StoreUnavailable`.
   *
   * `work` runs later in the turn: it must check what it relies on (version, lease), see no further than the tables,
   * and bear being run again after its first run was undone. What it saw is not durable before the promise resolves.
   */
  commit<T>(work: (tables: Tables) => T): Promise<T>;
  /**
   * A commit of its own, at once and with the process waiting for it: at the start and the stop, for what a person does
   * now and then, and for who needs the write lock itself.
   */
  transaction<T>(work: (tables: Tables) => T): T;
  /** Calls `listener` after another process has committed to the same file. Returns the stop. */
  onForeignCommit(listener: () => void): () => void;
  /** Commits what was handed in before. */
  close(): void;
}

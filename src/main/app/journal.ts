import { err, fail, ok, type AppError, type Result } from '../../shared/errors.ts';
import { isTerminal, type JobEvent } from '../../shared/job.ts';
import type { Escalation, Severity } from '../../shared/escalation.ts';
import { createdEvent, decide, evolve, type JobCommand } from '../domain/job-machine.ts';
import type { JobRecord, NewJobEvent } from '../domain/job-record.ts';
import { auditOf } from './audit-of.ts';
import type { EventBus } from './event-bus.ts';
import type { AuditEntry, EventToAppend, Store, Tables } from './ports/store.ts';
import type { Clock, Redactor } from './ports/system.ts';

export interface NewEscalation {
  id: string;
  severity: Severity;
  reason: string;
  metadata: Record<string, unknown>;
}

export interface CommitOptions {
  /** Worker that must hold the job's lease; a lost lease refuses the commit (fencing). */
  owner?: string;
  /** What the caller takes the job for, which saves reading it. The check of its version finds out when it has moved. */
  known?: () => JobRecord | undefined;
  /** Further writes of the same transaction; what it stores must be redacted already. May run again on a retry. */
  also?: (tables: Tables, job: JobRecord, atMs: number) => void;
  /** Redacted before it is stored. */
  audit?: readonly AuditEntry[];
  escalation?: NewEscalation;
}

/**
 * The one way a job changes: load, decide, redact, then event + projection + queue + audit in one transaction, then
 * tell the listeners. Commits of one job are serialized here; other processes are met by the version check.
 */
export interface Journal {
  create(record: JobRecord, receipt: { key: string; requestHash: string } | null): Promise<Result<JobRecord>>;
  execute(
    jobId: string,
    commands: readonly JobCommand[] | ((job: JobRecord) => readonly JobCommand[]),
    options?: CommitOptions,
  ): Promise<Result<JobRecord>>;
}

/** The error of a worker that no longer holds its job: it must stop without touching it. */
export const leaseLost: AppError = { code: 'conflict', message: 'the lease of the job was lost' };

const maxTries = 20;

interface Deps {
  store: Store;
  bus: EventBus;
  clock: Clock;
  redactor: Redactor;
  /** Called after each commit that wrote audit or escalation records. */
  onCommitted: () => void;
}

export function createJournal(deps: Deps): Journal {
  const serialize = createKeyedMutex();
  return {
    create: (record, receipt) => create(deps, record, receipt),
    execute: (jobId, commands, options = {}) =>
      serialize(jobId, async () => {
        let known = options.known?.();
        for (let attempt = 0; attempt < maxTries; attempt += 1) {
          const job = known ?? deps.store.tables.jobs.get(jobId);
          if (!job) return fail('not_found', `job not found: ${jobId}`);
          const decided = decideAll(job, typeof commands === 'function' ? commands(job) : commands);
          const outcome = decided.ok ? await commit(deps, job, decided.value, options) : decided;
          // A refusal counts only of the job as it is.
          if (outcome !== 'moved' && (outcome.ok || known === undefined)) return outcome;
          known = undefined;
        }
        return fail('conflict', `job ${jobId} changed too often at the same time: try again`);
      }),
  };
}

function decideAll(job: JobRecord, commands: readonly JobCommand[]): Result<NewJobEvent[]> {
  const events: NewJobEvent[] = [];
  let state = job;
  for (const command of commands) {
    const decided = decide(state, command);
    if (!decided.ok) return decided;
    events.push(...decided.value);
    state = decided.value.reduce((folded, event) => evolve(folded, event, folded.updatedAtMs), state);
  }
  return ok(events);
}

async function create(
  deps: Deps,
  record: JobRecord,
  receipt: { key: string; requestHash: string } | null,
): Promise<Result<JobRecord>> {
  const first = createdEvent(record);
  const prepared = await prepare(deps.redactor, [first], {});
  const job = evolve({ ...record, version: 0 }, prepared.events[0] ?? first, record.createdAtMs);
  const outcome = await deps.store.commit((tables): 'taken' | JobEvent[] => {
    if (receipt && tables.receipts.get(receipt.key)) return 'taken';
    tables.jobs.insert(job);
    if (receipt) tables.receipts.insert(receipt.key, job.jobId, receipt.requestHash, job.createdAtMs);
    const stored = write(tables, job.jobId, 0, prepared, job.createdAtMs);
    tables.queue.enqueue(job.jobId, job.priority, job.createdAtMs);
    return stored;
  });
  if (outcome === 'taken') return fail('conflict', 'idempotency key already used');
  announce(deps, outcome);
  return ok(job);
}

interface Prepared {
  events: NewJobEvent[];
  audit: readonly AuditEntry[];
  escalation: NewEscalation | null;
}

async function prepare(
  redactor: Redactor,
  events: readonly NewJobEvent[],
  options: CommitOptions,
): Promise<Prepared> {
  return redactor.value({
    events: [...events],
    audit: options.audit ?? [],
    escalation: options.escalation ?? null,
  });
}

async function commit(
  deps: Deps,
  job: JobRecord,
  decided: readonly NewJobEvent[],
  options: CommitOptions,
): Promise<Result<JobRecord> | 'moved'> {
  const prepared = await prepare(deps.redactor, decided, options);
  const atMs = deps.clock.now();
  const next = prepared.events.reduce((folded, event) => evolve(folded, event, atMs), job);
  const outcome = await deps.store.commit((tables): 'lost' | 'moved' | JobEvent[] => {
    if (options.owner !== undefined && !tables.queue.holds(job.jobId, options.owner, atMs)) return 'lost';
    if (!tables.jobs.update(next, job.version)) return 'moved';
    const stored = write(tables, job.jobId, job.version, prepared, atMs);
    requeue(tables, job, next, options.owner, atMs);
    if (isTerminal(next.state)) closeQuestions(tables, job.jobId, atMs);
    options.also?.(tables, next, atMs);
    return stored;
  });
  if (outcome === 'moved') return 'moved';
  if (outcome === 'lost') return err(leaseLost);
  announce(deps, outcome);
  return ok(next);
}

function write(tables: Tables, jobId: string, version: number, prepared: Prepared, atMs: number): JobEvent[] {
  const at = new Date(atMs).toISOString();
  const audit: AuditEntry[] = [];
  const rows = prepared.events.map((event, index): EventToAppend => {
    const order = version + index + 1;
    const metadata = { ...event.detail, call_order: order };
    audit.push(...auditOf(jobId, at, event.detail, metadata));
    return { version: order, atMs, state: event.state, message: event.message, metadata };
  });
  if (prepared.escalation) audit.push(escalate(tables, jobId, at, prepared.escalation));
  const stored = tables.events.append(jobId, rows);
  tables.audit.append([...audit, ...prepared.audit]);
  return stored;
}

function escalate(tables: Tables, jobId: string, at: string, escalation: NewEscalation): AuditEntry {
  const row: Escalation = {
    escalation_id: escalation.id,
    at,
    job_id: jobId,
    severity: escalation.severity,
    reason: escalation.reason,
    metadata: escalation.metadata,
  };
  tables.escalations.insert(row);
  const metadata = { escalation_id: row.escalation_id, severity: row.severity, reason: row.reason };
  return { at, job_id: jobId, category: 'escalation', action: 'created', metadata };
}

/** A job that stops waiting, or that a person ended, is put before a worker: to go on, or to clean up. */
function requeue(
  tables: Tables,
  before: JobRecord,
  after: JobRecord,
  owner: string | undefined,
  atMs: number,
): void {
  if (owner !== undefined) return;
  const woken = before.waitingFor !== null && after.waitingFor === null;
  if (woken || isTerminal(after.state)) tables.queue.enqueue(after.jobId, after.priority, atMs);
}

/** Nobody can answer a job that has ended; what it asked must not wait for a human for ever. */
function closeQuestions(tables: Tables, jobId: string, atMs: number): void {
  for (const { escalation_id: id, resolved_at: resolvedAt, metadata } of tables.escalations.ofJob(jobId)) {
    const asks = 'question' in metadata || metadata['kind'] === 'budget';
    if (resolvedAt === null && asks) tables.escalations.resolve(id, atMs, null);
  }
}

/**
 * Tells the listeners. Whatever the caller commits next waits for its own turn, so each of them gets to send what this
 * commit made before the next fsync.
 */
function announce(deps: Deps, events: readonly JobEvent[]): void {
  deps.bus.publish(events);
  deps.onCommitted();
}

/** Runs tasks of one key one after the other; a failed task does not hold up the next. */
function createKeyedMutex(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = tails.get(key) ?? Promise.resolve();
    const run = before.then(task, task);
    const tail = run.catch(() => undefined);
    tails.set(key, tail);
    void tail.then(() => (tails.get(key) === tail ? tails.delete(key) : undefined));
    return run;
  };
}

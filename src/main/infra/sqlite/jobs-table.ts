import { isTerminal } from '../../../shared/job.ts';
import type { JobRecord } from '../../domain/job-record.ts';
import type { JobsTable } from '../../app/ports/store.ts';
import type { Connection, Query } from './connection.ts';

/** Column of each field; the table has no other columns. */
const columns: Record<keyof JobRecord, string> = {
  jobId: 'job_id',
  goal: 'goal',
  repo: 'repo',
  baseBranch: 'base_branch',
  workBranch: 'work_branch',
  state: 'state',
  mode: 'mode',
  waitingFor: 'waiting_for',
  approval: 'approval',
  priority: 'priority',
  model: 'model',
  managerModel: 'manager_model',
  specialists: 'specialists',
  transitionsUsed: 'transitions_used',
  maxStateTransitions: 'max_state_transitions',
  toolCallsUsed: 'tool_calls_used',
  maxToolCalls: 'max_tool_calls',
  maxCostMicros: 'max_cost_micros',
  maxTokens: 'max_tokens',
  autoFixRounds: 'auto_fix_rounds',
  planVersion: 'plan_version',
  approvedPlanVersion: 'approved_plan_version',
  snapshots: 'snapshots',
  baseCommit: 'base_commit',
  headCommit: 'head_commit',
  error: 'error',
  retryOf: 'retry_of',
  idempotencyKey: 'idempotency_key',
  version: 'version',
  createdAtMs: 'created_at_ms',
  updatedAtMs: 'updated_at_ms',
};
const fields = Object.entries(columns);
const selected = fields.map(([field, column]) => `${column} AS "${field}"`).join(', ');
/** What a job is created with; written once, so that an update leaves the indexes over it alone. */
const fixed = new Set<string>([
  'jobId',
  'goal',
  'repo',
  'baseBranch',
  'workBranch',
  'mode',
  'approval',
  'priority',
  'model',
  'managerModel',
  'specialists',
  'maxStateTransitions',
  'maxToolCalls',
  'retryOf',
  'idempotencyKey',
  'createdAtMs',
] satisfies (keyof JobRecord)[]);
const changing = (Object.keys(columns) as (keyof JobRecord)[]).filter((field) => !fixed.has(field));
const assigned = changing.map((field) => `${columns[field]} = ?`).join(', ');
/**
 * Set once, with the end of the job: what finds jobs by their state is indexed by it, so that the steps of a job on its
 * way leave those indexes alone.
 */
const endedAt = 'ended_at_ms';
const endOf = (job: JobRecord): number | null => (isTerminal(job.state) ? job.updatedAtMs : null);

/** The condition of the partial index `jobs_waiting`, word for word; a wait for a quota ends without a human. */
const needsHuman = `waiting_for IN ('plan_approval', 'answer', 'budget')`;

type Value = string | number | null;

export function createJobsTable(db: Connection): JobsTable {
  const insert = db.command<[JobRecord & { endedAtMs: number | null }]>(
    `INSERT INTO jobs (${Object.values(columns).join(', ')}, ${endedAt})
     VALUES (${fields.map(([field]) => `@${field}`).join(', ')}, @endedAtMs)`,
  );
  const unmoved = 'WHERE job_id = ? AND version = ?';
  const step = db.command<Value[]>(`UPDATE jobs SET ${assigned} ${unmoved}`);
  const end = db.command<Value[]>(`UPDATE jobs SET ${assigned}, ${endedAt} = ? ${unmoved}`);
  const update = (job: JobRecord, expectedVersion: number): boolean => {
    const values = changing.map((field) => job[field]);
    const ended = endOf(job);
    const written =
      ended === null
        ? step.run(...values, job.jobId, expectedVersion)
        : end.run(...values, ended, job.jobId, expectedVersion);
    return written.changes === 1;
  };
  const one = db.query<[string], JobRecord>(`SELECT ${selected} FROM jobs WHERE job_id = ?`);
  const waiting = db.query<[], { n: number }>(`SELECT count(*) AS n FROM jobs WHERE ${needsHuman}`);
  const waitingFor = {
    human: db.query<[string], JobRecord>(
      `SELECT ${selected} FROM jobs WHERE waiting_for = ? AND ${needsHuman} ORDER BY created_at_ms, job_id`,
    ),
    // In no index; but what goes on by itself stands in the queue.
    time: db.query<[string], JobRecord>(
      `SELECT ${selected} FROM jobs WHERE waiting_for = ? AND job_id IN (SELECT job_id FROM queue)
       ORDER BY created_at_ms, job_id`,
    ),
  };
  const repos = db.query<[number], { repo: string; baseBranch: string; lastUsedAtMs: number }>(
    `SELECT repo, base_branch AS baseBranch, max(created_at_ms) AS lastUsedAtMs
     FROM jobs GROUP BY repo ORDER BY lastUsedAtMs DESC LIMIT ?`,
  );
  return {
    insert: (job) => void insert.run({ ...job, endedAtMs: endOf(job) }),
    update,
    get: (jobId) => one.get(jobId) ?? null,
    list: createList(db),
    countWaiting: () => waiting.get()?.n ?? 0,
    waitingFor: (what) => waitingFor[what === 'quota' ? 'time' : 'human'].all(what),
    recentRepos: (limit) => repos.all(limit),
  };
}

interface ListParams {
  limit: number;
  before: string | null;
  state: string | null;
}
interface ListQueries {
  first: Query<[ListParams], JobRecord>;
  below: Query<[ListParams], JobRecord>;
  total: Query<[ListParams], { n: number }>;
}

/** One set of statements for each combination of filters, so that each runs on an index of its own. */
function createList(db: Connection): JobsTable['list'] {
  const made = new Map<string, ListQueries>();
  const queriesFor = (filter: string): ListQueries => {
    const queries = made.get(filter) ?? listQueries(db, filter);
    made.set(filter, queries);
    return queries;
  };
  return ({ limit, before, state, waiting }) => {
    const conditions = [
      ...(state === undefined
        ? []
        : ['state = @state', `${endedAt} IS ${isTerminal(state) ? 'NOT ' : ''}NULL`]),
      ...(waiting === undefined ? [] : [waiting ? needsHuman : `(${needsHuman}) IS NOT TRUE`]),
    ];
    const queries = queriesFor(conditions.join(' AND '));
    const params = { limit: limit + 1, before: before ?? null, state: state ?? null };
    const rows = (before === undefined ? queries.first : queries.below).all(params);
    const jobs = rows.slice(0, limit);
    const next = rows.length > limit ? (jobs.at(-1)?.jobId ?? null) : null;
    return { jobs, next, total: queries.total.get(params)?.n ?? 0 };
  };
}

function listQueries(db: Connection, filter: string): ListQueries {
  const where = filter === '' ? '' : `WHERE ${filter}`;
  const below = '(created_at_ms, job_id) < (SELECT created_at_ms, job_id FROM jobs WHERE job_id = @before)';
  const page = (condition: string): Query<[ListParams], JobRecord> =>
    db.query(
      `SELECT ${selected} FROM jobs ${condition} ORDER BY created_at_ms DESC, job_id DESC LIMIT @limit`,
    );
  return {
    first: page(where),
    below: page(filter === '' ? `WHERE ${below}` : `${where} AND ${below}`),
    total: db.query(`SELECT count(*) AS n FROM jobs ${where}`),
  };
}

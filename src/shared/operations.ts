import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import {
  approvalSchema,
  jobEventSchema,
  jobModeSchema,
  jobSchema,
  jobStateSchema,
  jobSummarySchema,
  maxGoalLength,
} from './job.ts';
import { planSchema } from './plan.ts';
import { reportSchema } from './report.ts';
import { escalationSchema, escalationViewSchema } from './escalation.ts';
import { catalogSchema, providerSchema, usageSchema } from './models.ts';
import { settingsSchema, settingsViewSchema } from './settings.ts';

export interface HttpRoute {
  method: 'GET' | 'POST' | 'PUT';
  /** With `{name}` parameters, filled from the input's fields of the same name. */
  path: string;
  /** Header name → input field. */
  headers?: Record<string, string>;
  /** Input fields that a POST or PUT takes from the query, as the Python service did; the body may have them too. */
  query?: readonly string[];
}

/**
 * One operation, declared once: IPC, REST, OpenAPI, the client type and the command line are derived from it.
 * Over HTTP the input is gathered from path parameters, the headers named, and the query (GET) or the JSON body.
 */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  summary: string;
  input: I;
  output: O;
  /** Expected failures beside `invalid_input`, `unauthenticated`, `forbidden` and `internal`, which any call can have. */
  errors: readonly ErrorCode[];
  http: HttpRoute;
}

const op = <I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>): Operation<I, O> =>
  operation;

const jobId = z.object({ job_id: z.string().min(1).max(100) });
const none = z.object({});
/** A boolean that may come from a query string. */
const queryBoolean = z.union([z.boolean(), z.stringbool()]);
const page = { limit: z.coerce.number().int().min(1).max(1000).default(100) };

export const newJobSchema = z.object({
  goal: z
    .string()
    .refine((goal) => goal.trim().length > 0, 'The goal is empty: say what the crew should do')
    .max(maxGoalLength),
  repo: z
    .string()
    .min(1)
    .max(4096)
    // eslint-disable-next-line no-control-regex
    .regex(/^[^\u0000]*$/, 'The repository holds a NUL character'),
  base_branch: z.string().min(1).max(255).default('main'),
  idempotency_key: z.string().max(255).optional(),
  mode: jobModeSchema.optional(),
  approval: approvalSchema.optional(),
  /** Higher runs first. */
  priority: z.number().int().min(-100).max(100).default(0),
  model: z.string().min(1).max(200).optional(),
  manager_model: z.string().min(1).max(200).optional(),
  /** Who studies the repository: those the goal needs, or every specialist. */
  specialists: z.enum(['auto', 'all']).default('all'),
  max_state_transitions: z.number().int().min(1).max(1000).optional(),
  max_tool_calls: z.number().int().min(0).max(100_000).optional(),
});
export type NewJob = z.infer<typeof newJobSchema>;

const accepted = z.object({ job_id: z.string(), state: jobStateSchema });

export const planVersionSchema = z.object({
  job_id: z.string(),
  version: z.number().int(),
  created_at: z.string(),
  plan: planSchema,
});
export const diffSchema = z.object({
  job_id: z.string(),
  base_commit: z.string().nullable(),
  head_commit: z.string().nullable(),
  /** Unified diff, redacted; cut at 2 MiB, then `truncated`. */
  diff: z.string(),
  truncated: z.boolean(),
  files: z.array(z.object({ path: z.string(), additions: z.number().int(), deletions: z.number().int() })),
});
export const checkSchema = z.object({
  name: z.enum(['data_folder', 'git', 'docker', 'sandbox_image', 'model', 'gh', 'keychain']),
  ok: z.boolean(),
  /** False when Dev Crew works without it. */
  required: z.boolean(),
  detail: z.string(),
  /** What to do when it is not ok; empty otherwise. */
  advice: z.string(),
});
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  running_jobs: z.number().int(),
  queued_jobs: z.number().int(),
  waiting_jobs: z.number().int(),
});
export const auditVerdictSchema = z.object({
  ok: z.boolean(),
  records: z.number().int(),
  /** Sequence number of the first record whose chain is broken, null when whole. */
  first_broken: z.number().int().nullable(),
  detail: z.string(),
});

export const operations = {
  'jobs.create': op({
    summary: 'Create a job',
    input: newJobSchema,
    output: z.object({ job_id: z.string(), state: jobStateSchema, reused: z.boolean() }),
    errors: ['conflict', 'unavailable'],
    http: { method: 'POST', path: '/jobs', headers: { 'idempotency-key': 'idempotency_key' } },
  }),
  'jobs.list': op({
    summary: 'List jobs, newest first',
    input: z.object({
      ...page,
      /** Only jobs created before this job. */
      before: z.string().optional(),
      state: jobStateSchema.optional(),
      /** Only jobs that need a human. */
      waiting: queryBoolean.optional(),
    }),
    output: z.object({
      jobs: z.array(jobSummarySchema),
      next: z.string().nullable(),
      total: z.number().int(),
    }),
    errors: [],
    http: { method: 'GET', path: '/jobs' },
  }),
  'jobs.get': op({
    summary: 'One job',
    input: jobId,
    output: jobSchema,
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}' },
  }),
  'jobs.timeline': op({
    summary: 'Events of a job, oldest first; with tail, the last `limit` of those below `before`',
    input: jobId.extend({
      ...page,
      after: z.coerce.number().int().min(0).default(0),
      before: z.coerce.number().int().min(0).optional(),
      tail: queryBoolean.default(false),
    }),
    output: z.object({ events: z.array(jobEventSchema), more: z.boolean() }),
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}/timeline' },
  }),
  'jobs.plan': op({
    summary: 'The newest plan of a job',
    input: jobId,
    output: planVersionSchema,
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}/plan' },
  }),
  'jobs.approve': op({
    summary: 'Approve the plan',
    input: jobId.extend({ version: z.number().int().optional() }),
    output: accepted,
    errors: ['not_found', 'invalid_state', 'conflict'],
    http: { method: 'POST', path: '/jobs/{job_id}/approve' },
  }),
  'jobs.reject': op({
    summary: 'Reject the plan; the job ends as canceled',
    input: jobId.extend({ reason: z.string().max(10_000).default('') }),
    output: accepted,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/jobs/{job_id}/reject' },
  }),
  'jobs.cancel': op({
    summary: 'Cancel a job at any moment',
    input: jobId.extend({ reason: z.string().max(10_000).default('') }),
    output: accepted,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/jobs/{job_id}/cancel' },
  }),
  'jobs.retry': op({
    summary: 'Start a failed or canceled job again as a new, linked job',
    input: jobId,
    output: accepted,
    errors: ['not_found', 'invalid_state', 'unavailable'],
    http: { method: 'POST', path: '/jobs/{job_id}/retry' },
  }),
  'jobs.answer': op({
    summary: 'Answer a question of the crew',
    input: jobId.extend({ escalation_id: z.string().min(1), answer: z.string().min(1).max(20_000) }),
    output: accepted,
    errors: ['not_found', 'invalid_state', 'conflict'],
    http: { method: 'POST', path: '/jobs/{job_id}/answer' },
  }),
  'jobs.diff': op({
    summary: 'Changes against the base commit',
    input: jobId,
    output: diffSchema,
    errors: ['not_found', 'unavailable'],
    http: { method: 'GET', path: '/jobs/{job_id}/diff' },
  }),
  'jobs.report': op({
    summary: 'The report of a job that ended',
    input: jobId,
    output: reportSchema,
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}/report' },
  }),
  'jobs.escalations': op({
    summary: 'Escalations of one job',
    input: jobId,
    output: z.array(escalationSchema),
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}/escalations' },
  }),
  'escalations.list': op({
    summary: 'Escalations of all jobs, newest first',
    input: z.object({ ...page, open: queryBoolean.optional() }),
    output: z.object({ escalations: z.array(escalationViewSchema), open_count: z.number().int() }),
    errors: [],
    http: { method: 'GET', path: '/escalations' },
  }),
  'escalations.resolve': op({
    summary: 'Mark an escalation that is not a question as seen',
    input: z.object({ escalation_id: z.string().min(1) }),
    output: escalationViewSchema,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/escalations/{escalation_id}/resolve' },
  }),
  'repos.recent': op({
    summary: 'Repositories of earlier jobs, last used first',
    input: none,
    output: z.object({
      repos: z.array(z.object({ repo: z.string(), base_branch: z.string(), last_used_at: z.string() })),
    }),
    errors: [],
    http: { method: 'GET', path: '/repos' },
  }),
  'repos.inspect': op({
    summary: 'Look at a repository before a job: its branches, or why it cannot be used',
    input: z.object({ repo: z.string().min(1).max(4096) }),
    output: z.object({ repo: z.string(), branches: z.array(z.string()), head_branch: z.string().nullable() }),
    errors: ['invalid_input', 'unavailable'],
    http: { method: 'POST', path: '/repos/inspect' },
  }),
  'settings.get': op({
    summary: 'Settings in force',
    input: none,
    output: settingsViewSchema,
    errors: [],
    http: { method: 'GET', path: '/settings' },
  }),
  'settings.update': op({
    summary: 'Change settings; those left out stay',
    // Fields stay optional without defaults so that an absent one is not reset.
    input: z.object({ values: z.record(z.string(), z.unknown()) }),
    output: settingsViewSchema,
    errors: ['conflict'],
    http: { method: 'PUT', path: '/settings' },
  }),
  'llm.models': op({
    summary: 'Model catalog',
    input: z.object({ provider: providerSchema.optional(), force_refresh: queryBoolean.default(false) }),
    output: catalogSchema,
    errors: [],
    http: { method: 'GET', path: '/llm/models' },
  }),
  'llm.refresh': op({
    summary: 'Refresh the model catalog now',
    input: z.object({ provider: providerSchema.optional() }),
    output: catalogSchema,
    errors: [],
    http: { method: 'POST', path: '/llm/models/refresh', query: ['provider'] },
  }),
  'llm.usage': op({
    summary: 'Token usage',
    input: z.object({ provider: z.string().optional(), model: z.string().optional() }),
    output: usageSchema,
    errors: [],
    http: { method: 'GET', path: '/llm/usage' },
  }),
  'llm.resetUsage': op({
    summary: 'Start counting usage from zero',
    input: none,
    output: usageSchema,
    errors: [],
    http: { method: 'POST', path: '/llm/usage/reset' },
  }),
  'audit.verify': op({
    summary: 'Check the hash chain of the audit log',
    input: none,
    output: auditVerdictSchema,
    errors: [],
    http: { method: 'GET', path: '/audit/verify' },
  }),
  'system.health': op({
    summary: 'Is the engine alive',
    input: none,
    output: healthSchema,
    errors: [],
    http: { method: 'GET', path: '/health' },
  }),
  'system.doctor': op({
    summary: 'What this machine has and lacks',
    input: none,
    output: z.object({ checks: z.array(checkSchema), ready: z.boolean() }),
    errors: [],
    http: { method: 'GET', path: '/doctor' },
  }),
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
/** What a caller gives (defaults not yet filled in). */
export type InputOf<N extends OperationName> = z.input<Operations[N]['input']>;
/** What a handler receives (parsed, defaults filled in). */
export type ParsedInputOf<N extends OperationName> = z.output<Operations[N]['input']>;
export type OutputOf<N extends OperationName> = z.output<Operations[N]['output']>;
export const operationNames = Object.keys(operations) as OperationName[];

/** Settings of an update, each checked by its own schema; unknown names are refused. */
export const settingsPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as {
    [K in keyof typeof settingsSchema.shape]: z.ZodOptional<
      ReturnType<(typeof settingsSchema.shape)[K]['unwrap']>
    >;
  },
);

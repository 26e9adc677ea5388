import { z } from 'zod';
import { escalationSchema } from '../escalation.ts';
import {
  approvalSchema,
  jobEventSchema,
  jobModeSchema,
  jobSchema,
  jobStateSchema,
  jobSummarySchema,
  maxGoalLength,
} from '../job.ts';
import { maxCostSchema, maxTokensSchema } from '../limits.ts';
import { planSchema } from '../plan.ts';
import { reportSchema } from '../report.ts';
import { op, page, queryBoolean } from './operation.ts';

const jobId = z.object({ job_id: z.string().min(1).max(100) });

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
  /** What its model calls may cost and use; null is no limit, left out is as in the settings. */
  max_cost_usd: maxCostSchema.nullable().optional(),
  max_tokens: maxTokensSchema.nullable().optional(),
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
export const jobOperations = {
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
} as const;

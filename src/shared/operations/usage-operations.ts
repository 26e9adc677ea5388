import { z } from 'zod';
import { jobStateSchema } from '../job.ts';
import { maxCostSchema, maxTokensSchema } from '../limits.ts';
import { spendingSchema, usageGroupSchema, usageReportSchema } from '../usage-report.ts';
import { op } from './operation.ts';

const day = z.iso.date();
const span = {
  /** First and last day, local, both included; default the last 30 days. */
  from: day.optional(),
  to: day.optional(),
};

/** What was used and what it cost (design.md §4 Money). */
export const usageOperations = {
  'usage.report': op({
    summary: 'Usage and cost of a span of days, grouped',
    input: z.object({
      ...span,
      by: usageGroupSchema.default('day'),
      job_id: z.string().optional(),
    }),
    output: usageReportSchema,
    errors: [],
    http: { method: 'GET', path: '/usage' },
  }),
  'usage.csv': op({
    summary: 'Every call of a span of days, as CSV (RFC 4180)',
    input: z.object(span),
    output: z.object({ file_name: z.string(), csv: z.string(), rows: z.number().int() }),
    errors: [],
    http: { method: 'GET', path: '/usage/export' },
  }),
  'usage.today': op({
    summary: 'What today has cost against its limits',
    input: z.object({}),
    output: z.object({
      day: z.string(),
      spending: spendingSchema,
      accounts: z.array(z.object({ provider: z.string(), account_id: z.string(), spending: spendingSchema })),
    }),
    errors: [],
    http: { method: 'GET', path: '/usage/today' },
  }),
  'jobs.spending': op({
    summary: 'What a job has cost against its limits',
    input: z.object({ job_id: z.string().min(1).max(100) }),
    output: spendingSchema,
    errors: ['not_found'],
    http: { method: 'GET', path: '/jobs/{job_id}/spending' },
  }),
  'jobs.raiseBudget': op({
    summary: 'Raise the limits of a job; one that waits for its budget goes on',
    input: z.object({
      job_id: z.string().min(1).max(100),
      /** New limits, not less than what is spent; null is no limit; left out stays. */
      max_cost_usd: maxCostSchema.nullable().optional(),
      max_tokens: maxTokensSchema.nullable().optional(),
    }),
    output: z.object({ job_id: z.string(), state: jobStateSchema }),
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/jobs/{job_id}/budget' },
  }),
} as const;

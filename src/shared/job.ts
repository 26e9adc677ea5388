import { z } from 'zod';

/** States of compatibility.md §2. */
export const jobStates = [
  'received',
  'context_collecting',
  'planning',
  'awaiting_plan_approval',
  'executing',
  'auto_fixing',
  'reporting',
  'completed',
  'failed',
  'canceled',
] as const;
export const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

export const terminalStates = ['completed', 'failed', 'canceled'] as const satisfies readonly JobState[];
export const isTerminal = (state: JobState): boolean =>
  (terminalStates as readonly JobState[]).includes(state);

/** design.md §2: nothing called; a real model plans, nothing is executed; everything real. */
export const jobModeSchema = z.enum(['dry_run', 'plan_only', 'live']);
export type JobMode = z.infer<typeof jobModeSchema>;

export const waitingForSchema = z.enum(['plan_approval', 'answer', 'budget', 'quota']);
export type WaitingFor = z.infer<typeof waitingForSchema>;

export const approvalSchema = z.enum(['manual', 'auto']);
export type Approval = z.infer<typeof approvalSchema>;

/** Longest goal accepted, in characters. */
export const maxGoalLength = 50_000;

export const jobEventSchema = z.object({
  /** Stream position across all jobs; the SSE event id. */
  id: z.number().int(),
  job_id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  state: jobStateSchema,
  message: z.string(),
  /** Tagged by `event_type`; see events.ts. */
  metadata: z.record(z.string(), z.unknown()),
});
export type JobEvent = z.infer<typeof jobEventSchema>;

export const jobSummarySchema = z.object({
  job_id: z.string(),
  goal: z.string(),
  repo: z.string(),
  base_branch: z.string(),
  work_branch: z.string(),
  state: jobStateSchema,
  mode: jobModeSchema,
  waiting_for: waitingForSchema.nullable(),
  priority: z.number().int(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type JobSummary = z.infer<typeof jobSummarySchema>;

export const jobSchema = jobSummarySchema.extend({
  history_count: z.number().int(),
  last_event: jobEventSchema.omit({ id: true, job_id: true }).nullable(),
  approval: approvalSchema,
  /** Model of the crew, `provider/model`. */
  model: z.string(),
  /** Model of the leader, `provider/model`. */
  manager_model: z.string(),
  transitions_used: z.number().int(),
  max_state_transitions: z.number().int(),
  tool_calls_used: z.number().int(),
  max_tool_calls: z.number().int(),
  /** Null is no limit. */
  max_cost_usd: z.number().nullable(),
  max_tokens: z.number().int().nullable(),
  auto_fix_rounds: z.number().int(),
  base_commit: z.string().nullable(),
  head_commit: z.string().nullable(),
  /** The reason of a failed or canceled job, else null. */
  error: z.string().nullable(),
  retry_of: z.string().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

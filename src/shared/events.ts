import { z } from 'zod';
import { jobEventSchema, jobStateSchema, waitingForSchema } from './job.ts';
import { roleSchema } from './roles.ts';
import { verificationSchema } from './report.ts';

const base = { call_order: z.number().int().positive() };
const agent = { agent: z.string(), agent_role: roleSchema, task_id: z.string().nullable() };

/**
 * `metadata` of a job event, tagged by `event_type`. The first three are those of compatibility.md §2 and the only
 * ones that a dry run has; the rest exist in live and plan-only jobs.
 */
export const eventMetadataSchema = z.discriminatedUnion('event_type', [
  z.object({
    ...base,
    event_type: z.literal('workflow_step'),
    step: z.enum(['request', 'pan_out', 'pan_in', 'aggregation', 'execution', 'final_conclusion']),
    phase: z.enum(['received', 'started', 'completed', 'failed']),
    details: z.record(z.string(), z.unknown()),
    idempotency_key: z.string().nullish(),
  }),
  z.object({
    ...base,
    event_type: z.literal('agent_decision'),
    agent_role: roleSchema,
    task_name: z.string(),
    phase: z.enum(['pan_out', 'pan_in']),
    decision: z.string(),
    async_execution: z.boolean(),
  }),
  z.object({
    ...base,
    event_type: z.literal('state_transition'),
    from_state: jobStateSchema,
    to_state: jobStateSchema,
    error: z.string().optional(),
    escalation_id: z.string().optional(),
  }),
  z.object({
    ...base,
    event_type: z.literal('workspace_ready'),
    base_commit: z.string(),
    file_count: z.number().int(),
  }),
  z.object({
    ...base,
    event_type: z.literal('plan_submitted'),
    version: z.number().int(),
    task_count: z.number().int(),
  }),
  z.object({
    ...base,
    event_type: z.literal('plan_decision'),
    decision: z.enum(['approved', 'rejected']),
    version: z.number().int(),
    by: z.enum(['human', 'automatic']),
    reason: z.string(),
  }),
  z.object({
    ...base,
    event_type: z.literal('waiting'),
    waiting_for: waitingForSchema,
    escalation_id: z.string().optional(),
    /** When it goes on by itself, ISO 8601; left out where it needs somebody. */
    until: z.string().optional(),
  }),
  z.object({ ...base, event_type: z.literal('resumed'), waited_for: waitingForSchema }),
  /** The limits of the job from now on; null is no limit. */
  z.object({
    ...base,
    event_type: z.literal('budget_changed'),
    max_cost_usd: z.number().nullable(),
    max_tokens: z.number().int().nullable(),
  }),
  z.object({
    ...base,
    ...agent,
    event_type: z.literal('agent_step'),
    step: z.number().int(),
    text: z.string(),
    tool_calls: z.array(z.object({ call_id: z.string(), name: z.string(), summary: z.string() })),
    prompt_tokens: z.number().int(),
    completion_tokens: z.number().int(),
  }),
  z.object({
    ...base,
    ...agent,
    event_type: z.literal('tool_result'),
    step: z.number().int(),
    call_id: z.string(),
    name: z.string(),
    ok: z.boolean(),
    /** Redacted, at most 4 KiB, head and tail. */
    output: z.string(),
    duration_ms: z.number(),
    /** True when the call ran a command in the sandbox: it counts against `max_tool_calls`. */
    sandbox_run: z.boolean(),
  }),
  z.object({
    ...base,
    event_type: z.literal('task_status'),
    task_id: z.string(),
    title: z.string(),
    owner_agent: roleSchema,
    status: z.enum(['started', 'finished', 'failed']),
    summary: z.string(),
  }),
  z.object({ ...base, ...agent, event_type: z.literal('progress'), text: z.string() }),
  z.object({
    ...base,
    event_type: z.literal('snapshot'),
    number: z.number().int(),
    ref: z.string(),
    commit: z.string(),
  }),
  z.object({
    ...base,
    event_type: z.literal('verification'),
    on: z.enum(['base', 'result']),
    round: z.number().int(),
    result: verificationSchema,
  }),
  z.object({ ...base, event_type: z.literal('auto_fix'), round: z.number().int(), reason: z.string() }),
  z.object({ ...base, event_type: z.literal('committed'), commit: z.string(), branch: z.string() }),
  z.object({
    ...base,
    event_type: z.literal('escalation'),
    escalation_id: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
    reason: z.string(),
  }),
  z.object({ ...base, event_type: z.literal('answered'), escalation_id: z.string(), answer: z.string() }),
  z.object({ ...base, event_type: z.literal('notice'), text: z.string() }),
]);
export type EventMetadata = z.infer<typeof eventMetadataSchema>;

/** Metadata as a typed value, or null for an event of a later version of the app. */
export function parseEventMetadata(metadata: unknown): EventMetadata | null {
  const parsed = eventMetadataSchema.safeParse(metadata);
  return parsed.success ? parsed.data : null;
}

/**
 * What a subscriber receives. `event` frames are persisted and replayed from any position; `delta` frames are the
 * text of an agent as it streams and are lost when nobody listens; `done` ends the stream of one job.
 */
export const feedFrameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: jobEventSchema }),
  z.object({
    kind: z.literal('delta'),
    job_id: z.string(),
    agent: z.string(),
    agent_role: roleSchema,
    text: z.string(),
  }),
  z.object({ kind: z.literal('done'), job_id: z.string() }),
]);
export type FeedFrame = z.infer<typeof feedFrameSchema>;

/** Which frames a subscriber wants: one job or all; persisted events with an id above `after` come first. */
export const feedRequestSchema = z.object({
  job_id: z.string().optional(),
  after: z.number().int().min(0).optional(),
});
export type FeedRequest = z.infer<typeof feedRequestSchema>;

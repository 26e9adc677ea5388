import { z } from 'zod';

export const severitySchema = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** compatibility.md §1 and §3. A question of an agent is an escalation whose metadata has `question`. */
export const escalationSchema = z.object({
  escalation_id: z.string(),
  at: z.string(),
  job_id: z.string(),
  severity: severitySchema,
  reason: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});
export type Escalation = z.infer<typeof escalationSchema>;

/** An escalation with what became of it; the page's view. */
export const escalationViewSchema = escalationSchema.extend({
  /** Null while open. */
  resolved_at: z.string().nullable(),
  answer: z.string().nullable(),
});
export type EscalationView = z.infer<typeof escalationViewSchema>;

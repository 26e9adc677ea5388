import { z } from 'zod';
import { roleSchema } from './roles.ts';

const line = z.string().trim().min(1).max(2000);

/** One unit of work of a plan; `depends_on` names other tasks of the same plan. */
export const planTaskSchema = z.object({
  id: z.string().trim().min(1).max(64),
  title: line,
  owner_agent: roleSchema,
  depends_on: z.array(z.string()).default([]),
  acceptance_criteria: z.array(line).default([]),
});
export type PlanTask = z.infer<typeof planTaskSchema>;

/** The plan of compatibility.md §2. `test_matrix` holds shell commands that the host runs to verify the result. */
export const planSchema = z.object({
  tasks: z.array(planTaskSchema).max(100),
  files_to_change: z.array(z.string()).max(1000).default([]),
  commands: z.array(line).max(100).default([]),
  test_matrix: z.array(line).max(20).default([]),
  pr: z.object({ title: z.string().max(300), body: z.string().max(20_000) }),
  risks: z.array(line).max(50).default([]),
  approvals: z.object({ requires_plan_approval: z.literal(true) }).default({ requires_plan_approval: true }),
});
export type Plan = z.infer<typeof planSchema>;

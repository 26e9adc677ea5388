import { z } from 'zod';

/** One run of a command of the test matrix by the host. */
export const testRunSchema = z.object({
  command: z.string(),
  exit_code: z.number().int().nullable(),
  passed: z.boolean(),
  timed_out: z.boolean(),
  duration_ms: z.number(),
  /** Redacted tail of stdout and stderr, at most 16 KiB. */
  output: z.string(),
});
export type TestRun = z.infer<typeof testRunSchema>;

/** The whole matrix run once on one commit in a fresh container without a network. */
export const verificationSchema = z.object({
  commit: z.string(),
  passed: z.boolean(),
  runs: z.array(testRunSchema),
});
export type Verification = z.infer<typeof verificationSchema>;

/** What proves the claims of a report (design.md §2, step 6). */
export const evidenceSchema = z.object({
  base_commit: z.string().nullable(),
  head_commit: z.string().nullable(),
  tests_before: verificationSchema.nullable(),
  tests_after: verificationSchema.nullable(),
  /** Test files that the result deletes or shortens: a reason to look, not a verdict. */
  tests_removed_or_weakened: z.array(z.string()),
  commands_run: z.array(
    z.object({ command: z.string(), exit_code: z.number().nullable(), duration_ms: z.number() }),
  ),
  auto_fix_rounds: z.number().int(),
  model_calls: z.number().int(),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  /** Of the calls whose price is known, and how many it is not known of. */
  cost_usd: z.number(),
  unpriced_calls: z.number().int(),
  duration_ms: z.number(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** The report of compatibility.md §2 plus the evidence bundle. */
export const reportSchema = z.object({
  run_summary: z.string(),
  links: z.array(z.string()),
  failures: z.array(z.string()),
  next_actions: z.array(z.string()),
  evidence: evidenceSchema.nullable(),
});
export type Report = z.infer<typeof reportSchema>;

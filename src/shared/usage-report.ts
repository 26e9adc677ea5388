import { z } from 'zod';

export const usageGroups = ['day', 'model', 'job', 'account', 'role'] as const;
export const usageGroupSchema = z.enum(usageGroups);
export type UsageGroup = z.infer<typeof usageGroupSchema>;

const sums = {
  calls: z.number().int(),
  error_calls: z.number().int(),
  prompt_tokens: z.number().int(),
  /** Part of `prompt_tokens` that the provider had cached. */
  cached_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  /** Part of `completion_tokens` spent on reasoning. */
  reasoning_tokens: z.number().int(),
  /** Of the calls whose price is known. */
  cost_usd: z.number(),
  /** Calls whose price is not known; the cost above leaves them out. */
  unpriced_calls: z.number().int(),
};

/** Usage of a span of days, grouped. Newest day first; other groups by cost, then by tokens. */
export const usageReportSchema = z.object({
  from: z.string(),
  to: z.string(),
  by: usageGroupSchema,
  rows: z.array(
    z.object({
      /** The day (ISO date), `provider/model`, job id, `provider:account` or role; `-` where it has none. */
      key: z.string(),
      label: z.string(),
      ...sums,
      /** Median over successful calls; null without one. */
      first_token_ms: z.number().nullable(),
      duration_ms: z.number().nullable(),
    }),
  ),
  total: z.object(sums),
});
export type UsageReport = z.infer<typeof usageReportSchema>;

/** What was spent and what is set aside, against its limits. Null limit: none. */
export const spendingSchema = z.object({
  /** Settled cost. */
  spent_usd: z.number(),
  /** Reserved for calls under way, at their worst case. */
  reserved_usd: z.number(),
  max_cost_usd: z.number().nullable(),
  spent_tokens: z.number().int(),
  reserved_tokens: z.number().int(),
  max_tokens: z.number().int().nullable(),
  unpriced_calls: z.number().int(),
});
export type Spending = z.infer<typeof spendingSchema>;

import { z } from 'zod';

/** Providers this version speaks to. */
export const providers = ['ollama'] as const;
export const providerSchema = z.enum(providers);

/** Catalog of compatibility.md §1. */
export const catalogSchema = z.object({
  refresh_interval_seconds: z.number(),
  auto_refresh: z.boolean(),
  providers: z.array(
    z.object({
      provider: z.string(),
      account_id: z.string(),
      model_count: z.number().int(),
      last_refresh_at: z.string().nullable(),
      last_success_at: z.string().nullable(),
      next_refresh_at: z.string().nullable(),
      stale: z.boolean(),
      last_error: z.string().nullable(),
      usage: z
        .object({
          plan: z.string().nullable(),
          windows: z.array(
            z.object({ label: z.string(), used_percent: z.number(), reset_at: z.string().nullable() }),
          ),
        })
        .nullable(),
    }),
  ),
  models: z.array(
    z.object({
      provider: z.string(),
      model_id: z.string(),
      display_name: z.string(),
      usage_hint: z.string(),
      priority: z.number(),
      context_window_tokens: z.number().int().nullable(),
      max_output_tokens: z.number().int().nullable(),
      quota_remaining_fraction: z.number().nullable(),
      quota_reset_at: z.string().nullable(),
      metadata: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Catalog = z.infer<typeof catalogSchema>;
export type CatalogModel = Catalog['models'][number];

/** Usage of compatibility.md §1. */
export const usageSchema = z.object({
  window_minutes: z.number(),
  generated_at: z.string(),
  model_count: z.number().int(),
  models: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      total_calls: z.number().int(),
      success_calls: z.number().int(),
      error_calls: z.number().int(),
      total_prompt_tokens: z.number().int(),
      total_completion_tokens: z.number().int(),
      total_tokens: z.number().int(),
      window_calls: z.number().int(),
      window_success_calls: z.number().int(),
      window_error_calls: z.number().int(),
      window_prompt_tokens: z.number().int(),
      window_completion_tokens: z.number().int(),
      window_total_tokens: z.number().int(),
      last_called_at: z.string().nullable(),
    }),
  ),
});
export type Usage = z.infer<typeof usageSchema>;

import { z } from 'zod';

/** Providers this version speaks to (llm-protocols.md). */
export const providers = [
  'ollama',
  'openai',
  'anthropic',
  'google',
  'openrouter',
  'openai-compatible',
  'openai-codex',
  'chatgpt',
  'google-antigravity',
] as const;
export const providerSchema = z.enum(providers);
export type ProviderId = z.infer<typeof providerSchema>;

/** How much of a plan is used up, as the provider tells it. */
export const quotaSchema = z.object({
  plan: z.string().nullable(),
  windows: z.array(
    z.object({ label: z.string(), used_percent: z.number(), reset_at: z.string().nullable() }),
  ),
});
export type Quota = z.infer<typeof quotaSchema>;

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
      usage: quotaSchema.nullable(),
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

/** What one million tokens cost, in US dollars. Null: not known. */
export const priceSchema = z.object({
  input_usd: z.number().min(0).nullable(),
  cached_input_usd: z.number().min(0).nullable(),
  output_usd: z.number().min(0).nullable(),
});
export type Price = z.infer<typeof priceSchema>;

/** One row of the price table; `source` says whose word it is. */
export const pricedModelSchema = priceSchema.extend({
  provider: providerSchema,
  model_id: z.string(),
  source: z.enum(['shipped', 'provider', 'user']),
  /** Day of the price, ISO date. */
  as_of: z.string(),
  /** What a prompt above so many tokens costs instead, all of it; left out where that makes no difference. */
  long_prompts: priceSchema.extend({ above_tokens: z.number().int() }).optional(),
});
export type PricedModel = z.infer<typeof pricedModelSchema>;

/** Result of the one-click test of a model. */
export const modelTestSchema = z.object({
  model: z.string(),
  ok: z.boolean(),
  /** It called the tool it was asked to, with the right arguments. */
  calls_tools: z.boolean(),
  first_token_ms: z.number().nullable(),
  tokens_per_second: z.number().nullable(),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  cost_usd: z.number().nullable(),
  /** What went wrong and what to do, or empty. */
  detail: z.string(),
});
export type ModelTest = z.infer<typeof modelTestSchema>;

/** An Ollama model on its way to this machine. */
export const modelPullSchema = z.object({
  model: z.string(),
  state: z.enum(['pulling', 'done', 'failed', 'canceled']),
  status: z.string(),
  completed_bytes: z.number().nullable(),
  total_bytes: z.number().nullable(),
  error: z.string().nullable(),
});
export type ModelPull = z.infer<typeof modelPullSchema>;

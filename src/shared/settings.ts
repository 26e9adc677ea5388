import { z } from 'zod';
import { maxCostSchema, maxTokensSchema } from './limits.ts';

/** What the settings page edits. Units are in the names. */
export const settingsSchema = z.object({
  /** `auto`: live once a model and a sandbox are ready, else dry_run (design.md §2). */
  default_mode: z.enum(['auto', 'dry_run', 'plan_only', 'live']).default('auto'),
  default_approval: z.enum(['manual', 'auto']).default('manual'),
  max_parallel_jobs: z.number().int().min(1).max(16).default(2),
  model: z.string().min(1).max(200).default('ollama/llama3.1:8b'),
  manager_model: z.string().min(1).max(200).default('ollama/llama3.1:8b'),
  ollama_base_url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:11434'),
  /** Context window asked of Ollama, in tokens (`num_ctx`). */
  context_tokens: z.number().int().min(2048).max(1_048_576).default(32_768),
  docker_image: z.string().min(1).max(300).default('python:3.13-slim'),
  docker_workdir: z
    .string()
    .regex(/^\/[\w./-]+$/)
    .default('/workspace'),
  command_timeout_seconds: z.number().int().min(1).max(86_400).default(120),
  sandbox_memory_mb: z.number().int().min(64).max(1_048_576).default(2048),
  sandbox_cpus: z.number().min(0.1).max(256).default(2),
  sandbox_pids: z.number().int().min(16).max(65_536).default(512),
  max_state_transitions: z.number().int().min(1).max(1000).default(20),
  max_tool_calls: z.number().int().min(0).max(100_000).default(10),
  /** The user knows that Google's terms forbid other apps for Antigravity, and wants it all the same. */
  antigravity_consent: z.boolean().default(false),
  /** Limits of a new job that names none, and of all calls of a day (local midnight to midnight); null is no limit. */
  max_cost_usd: maxCostSchema.nullable().default(null),
  max_tokens: maxTokensSchema.nullable().default(null),
  day_max_cost_usd: maxCostSchema.nullable().default(null),
  day_max_tokens: maxTokensSchema.nullable().default(null),
  /** Longest answer asked of a model, in tokens, reasoning included; a model's own limit is kept where it is lower. */
  max_output_tokens: z.number().int().min(256).max(1_000_000).default(8192),
  /** Used instead of a model whose account has no quota left; empty: wait for the quota. */
  fallback_model: z.string().max(200).default(''),
  language: z.enum(['system', 'en', 'ko']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  notifications: z.boolean().default(true),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** What works with the address of a server, at a risk. */
export const addressWarningSchema = z.enum(['not_encrypted', 'query_left_out']);
export type AddressWarning = z.infer<typeof addressWarningSchema>;

/**
 * Values in force, without passwords. A name in `fixed` is set by the environment variable given there and cannot be
 * changed here; one in `warnings` works, at a risk.
 */
export const settingsViewSchema = z.object({
  values: settingsSchema,
  fixed: z.record(z.string(), z.string()),
  warnings: z.record(z.string(), z.array(addressWarningSchema)),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

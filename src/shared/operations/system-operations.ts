import { z } from 'zod';
import { escalationViewSchema } from '../escalation.ts';
import { settingsSchema, settingsViewSchema } from '../settings.ts';
import { none, op, page, queryBoolean } from './operation.ts';

export const checkSchema = z.object({
  name: z.enum(['data_folder', 'git', 'docker', 'sandbox_image', 'model', 'gh', 'keychain']),
  ok: z.boolean(),
  /** False when Dev Crew works without it. */
  required: z.boolean(),
  detail: z.string(),
  /** What to do when it is not ok; empty otherwise. */
  advice: z.string(),
});
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  running_jobs: z.number().int(),
  queued_jobs: z.number().int(),
  waiting_jobs: z.number().int(),
});
export const auditVerdictSchema = z.object({
  ok: z.boolean(),
  records: z.number().int(),
  /** Sequence number of the first record whose chain is broken, null when whole. */
  first_broken: z.number().int().nullable(),
  detail: z.string(),
});

export const systemOperations = {
  'escalations.list': op({
    summary: 'Escalations of all jobs, newest first',
    input: z.object({ ...page, open: queryBoolean.optional() }),
    output: z.object({ escalations: z.array(escalationViewSchema), open_count: z.number().int() }),
    errors: [],
    http: { method: 'GET', path: '/escalations' },
  }),
  'escalations.resolve': op({
    summary: 'Mark an escalation that is not a question as seen',
    input: z.object({ escalation_id: z.string().min(1) }),
    output: escalationViewSchema,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/escalations/{escalation_id}/resolve' },
  }),
  'repos.recent': op({
    summary: 'Repositories of earlier jobs, last used first',
    input: none,
    output: z.object({
      repos: z.array(z.object({ repo: z.string(), base_branch: z.string(), last_used_at: z.string() })),
    }),
    errors: [],
    http: { method: 'GET', path: '/repos' },
  }),
  'repos.inspect': op({
    summary: 'Look at a repository before a job: its branches, or why it cannot be used',
    input: z.object({ repo: z.string().min(1).max(4096) }),
    output: z.object({ repo: z.string(), branches: z.array(z.string()), head_branch: z.string().nullable() }),
    errors: ['invalid_input', 'unavailable'],
    http: { method: 'POST', path: '/repos/inspect' },
  }),
  'settings.get': op({
    summary: 'Settings in force',
    input: none,
    output: settingsViewSchema,
    errors: [],
    http: { method: 'GET', path: '/settings' },
  }),
  'settings.update': op({
    summary: 'Change settings; those left out stay',
    // Fields stay optional without defaults so that an absent one is not reset.
    input: z.object({ values: z.record(z.string(), z.unknown()) }),
    output: settingsViewSchema,
    errors: ['conflict'],
    http: { method: 'PUT', path: '/settings' },
  }),
  'audit.verify': op({
    summary: 'Check the hash chain of the audit log',
    input: none,
    output: auditVerdictSchema,
    errors: [],
    http: { method: 'GET', path: '/audit/verify' },
  }),
  'system.health': op({
    summary: 'Is the engine alive',
    input: none,
    output: healthSchema,
    errors: [],
    http: { method: 'GET', path: '/health' },
  }),
  'system.doctor': op({
    summary: 'What this machine has and lacks',
    input: none,
    output: z.object({ checks: z.array(checkSchema), ready: z.boolean() }),
    errors: [],
    http: { method: 'GET', path: '/doctor' },
  }),
} as const;

/** Settings of an update, each checked by its own schema; unknown names are refused. */
export const settingsPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as {
    [K in keyof typeof settingsSchema.shape]: z.ZodOptional<
      ReturnType<(typeof settingsSchema.shape)[K]['unwrap']>
    >;
  },
);

import { z } from 'zod';
import { providerSchema, quotaSchema } from './models.ts';

/** Name of an account within its provider; `default` unless the user gives another. It is no secret. */
export const accountIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'takes 1 to 64 letters, digits, ".", "_" or "-"');

/** One account of one provider as a page sees it. Never holds a token or a key. */
export const accountSchema = z.object({
  provider: providerSchema,
  account_id: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** `none`: a server that asks for no key. */
  kind: z.enum(['oauth', 'api_key', 'none']),
  email: z.string().nullable(),
  plan: z.string().nullable(),
  /** For servers of the user's own; null means the provider's. */
  base_url: z.string().nullable(),
  /** The one of its provider that calls are made with. */
  active: z.boolean(),
  /** `signed_out`: its tokens are gone or refused for good; `detail` says why and what to do. */
  state: z.enum(['ok', 'signed_out', 'locked']),
  detail: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  /** When the access token ends; it is refreshed before. Null where there is none. */
  expires_at: z.string().nullable(),
  quota: quotaSchema.nullable(),
  /** Calls wait until then, because the provider said so. */
  blocked_until: z.string().nullable(),
  /** Limits of a day (local midnight to midnight); null is no limit. */
  max_cost_usd_per_day: z.number().nullable(),
  max_tokens_per_day: z.number().int().nullable(),
});
export type Account = z.infer<typeof accountSchema>;

export const loginMethods = ['browser', 'device', 'manual'] as const;
export const loginMethodSchema = z.enum(loginMethods);
export type LoginMethod = z.infer<typeof loginMethodSchema>;

/** A sign-in under way. It survives a restart of the app and ends by itself at `expires_at`. Holds no secret. */
export const loginSchema = z.object({
  login_id: z.string(),
  provider: providerSchema,
  account_id: z.string(),
  method: loginMethodSchema,
  state: z.enum(['waiting', 'exchanging', 'done', 'failed', 'canceled', 'expired']),
  /** To be opened in the system's browser; null in the device flow. */
  authorize_url: z.string().nullable(),
  redirect_uri: z.string().nullable(),
  /** True while the loopback address is listened on; else the user pastes the redirect URL or code. */
  listening: z.boolean(),
  /** Why pasting is needed (the port is taken, remote), or empty. */
  notice: z.string(),
  /** Device flow: what to type where. */
  user_code: z.string().nullable(),
  verification_url: z.string().nullable(),
  error: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string(),
});
export type Login = z.infer<typeof loginSchema>;

/** What each provider can do about accounts; the page is drawn from it. */
export const providerInfoSchema = z.object({
  provider: providerSchema,
  name: z.string(),
  methods: z.array(z.enum(['browser', 'device', 'manual', 'api_key', 'none'])),
  /** A base URL may be given. */
  custom_base_url: z.boolean(),
  default_base_url: z.string().nullable(),
  /** Where a key is made, or null. */
  key_url: z.string().nullable(),
  /** A warning that must be accepted first (google-antigravity), or null. */
  consent: z.object({ text: z.string(), given: z.boolean() }).nullable(),
  /** What is missing before a sign-in can begin (a client id), or null. */
  missing: z.string().nullable(),
});
export type ProviderInfo = z.infer<typeof providerInfoSchema>;

/** Where secrets are kept, and whether that works now. */
export const secretStoreSchema = z.object({
  kind: z.enum(['keychain', 'file']),
  state: z.enum(['ok', 'missing', 'locked', 'slow', 'failed']),
  detail: z.string(),
  /** What to do when it is not ok; empty otherwise. */
  advice: z.string(),
});
export type SecretStoreStatus = z.infer<typeof secretStoreSchema>;

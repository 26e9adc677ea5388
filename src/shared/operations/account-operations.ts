import { z } from 'zod';
import {
  accountIdSchema,
  accountSchema,
  loginMethodSchema,
  loginSchema,
  providerInfoSchema,
  secretStoreSchema,
} from '../accounts.ts';
import { providerSchema } from '../models.ts';
import { none, op } from './operation.ts';

const account = z.object({ provider: providerSchema, account_id: accountIdSchema });
const loginId = z.object({ login_id: z.string().min(1).max(100) });

/** Accounts and sign-in (design.md §4, llm-protocols.md §1). No output holds a token or a key. */
export const accountOperations = {
  'accounts.list': op({
    summary: 'Accounts of all providers, what each provider offers, and how secrets are kept',
    input: none,
    output: z.object({
      accounts: z.array(accountSchema),
      providers: z.array(providerInfoSchema),
      secrets: secretStoreSchema,
      /** Sign-ins under way. */
      logins: z.array(loginSchema),
    }),
    errors: [],
    http: { method: 'GET', path: '/accounts' },
  }),
  'accounts.addKey': op({
    summary:
      'Add or replace an account with an API key, checked with a call; without a key for a server that asks for none',
    input: account.extend({
      account_id: accountIdSchema.default('default'),
      api_key: z.string().max(4096).default(''),
      name: z.string().max(100).optional(),
      base_url: z.string().max(2048).optional(),
      /** Store it although the check failed for want of a network. */
      unchecked: z.boolean().default(false),
    }),
    output: z.object({ account: accountSchema, warning: z.string() }),
    errors: ['forbidden', 'unavailable'],
    http: { method: 'POST', path: '/accounts/keys' },
  }),
  'accounts.startLogin': op({
    summary: 'Begin a sign-in',
    input: account.extend({
      account_id: accountIdSchema.default('default'),
      method: loginMethodSchema.default('browser'),
      redirect_uri: z.string().max(2048).optional(),
      /** A client id, or a whole authorize URL from which it is read. */
      client_id: z.string().max(8192).optional(),
      /** Of a client of the user's own, where the provider asks for one; kept with the tokens. */
      client_secret: z.string().max(1000).optional(),
      /** Language of the page that the browser shows at the end. */
      language: z.enum(['en', 'ko']).optional(),
      /** Longest time of one HTTP request of the sign-in. */
      http_timeout_seconds: z.number().int().min(1).max(600).optional(),
    }),
    output: loginSchema,
    errors: ['forbidden', 'conflict', 'unavailable'],
    http: { method: 'POST', path: '/accounts/logins' },
  }),
  'accounts.login': op({
    summary: 'How a sign-in stands; with `wait_seconds`, when it ends or then at the latest',
    input: loginId.extend({ wait_seconds: z.coerce.number().int().min(0).max(60).default(0) }),
    output: loginSchema,
    errors: ['not_found'],
    http: { method: 'GET', path: '/accounts/logins/{login_id}' },
  }),
  'accounts.pasteLogin': op({
    summary: 'End a sign-in with the redirect URL or the code, pasted',
    input: loginId.extend({ text: z.string().min(1).max(16_384) }),
    output: loginSchema,
    errors: ['not_found', 'invalid_state', 'unavailable'],
    http: { method: 'POST', path: '/accounts/logins/{login_id}/paste' },
  }),
  'accounts.cancelLogin': op({
    summary: 'Give a sign-in up',
    input: loginId,
    output: loginSchema,
    errors: ['not_found', 'invalid_state'],
    http: { method: 'POST', path: '/accounts/logins/{login_id}/cancel' },
  }),
  'accounts.update': op({
    summary: 'Rename an account, make it the active one, or change its limits of a day',
    input: account.extend({
      name: z.string().min(1).max(100).optional(),
      active: z.literal(true).optional(),
      max_cost_usd_per_day: z.number().min(0).max(1_000_000).nullable().optional(),
      max_tokens_per_day: z.number().int().min(0).max(1e12).nullable().optional(),
    }),
    output: accountSchema,
    errors: ['not_found'],
    http: { method: 'PUT', path: '/accounts/{provider}/{account_id}' },
  }),
  'accounts.signOut': op({
    summary: 'Revoke and forget the tokens of an account; `forget` removes the account too',
    input: account.extend({ forget: z.boolean().default(false) }),
    output: z.object({ revoked: z.boolean(), detail: z.string() }),
    errors: ['not_found', 'unavailable'],
    http: { method: 'POST', path: '/accounts/{provider}/{account_id}/sign-out' },
  }),
} as const;

import { z } from 'zod';
import type { Grant } from '../ports/oauth.ts';
import type { AccountKey } from '../ports/account-store.ts';
import { providers, type ProviderId } from '../../../shared/models.ts';

const oauthSchema = z.object({
  kind: z.literal('oauth'),
  client: z.object({ id: z.string(), secret: z.string().nullable() }),
  tokens: z.object({
    accessToken: z.string().min(1),
    refreshToken: z.string().nullable(),
    idToken: z.string().nullable(),
    issuedAtMs: z.number(),
    expiresAtMs: z.number().nullable(),
    earliestRefreshAtMs: z.number().nullable(),
    scope: z.string().nullable(),
  }),
  identity: z.object({
    email: z.string().nullable(),
    plan: z.string().nullable(),
    facts: z.record(z.string(), z.string()),
  }),
});
const keySchema = z.object({
  kind: z.literal('api_key'),
  /** Empty for a server that asks for none, but has credentials in its address. */
  apiKey: z.string(),
  /** As the user gave it, credentials included; the account's row has it without them. */
  baseUrl: z.string().nullable(),
});
const storedSchema = z.discriminatedUnion('kind', [oauthSchema, keySchema]);

/** The secret of an account, as the vault has it. Tells all of the account, so that a token file can be moved. */
export type StoredSecret = ({ kind: 'oauth' } & Grant) | z.infer<typeof keySchema>;

const prefix = 'account:';

export const secretName = ({ provider, accountId }: AccountKey): string =>
  `${prefix}${provider}/${accountId}`;

/** The account of a name in the vault; null for another kind of name. */
export function accountOfName(name: string): AccountKey | null {
  if (!name.startsWith(prefix)) return null;
  const [provider, ...rest] = name.slice(prefix.length).split('/');
  const known: ProviderId | undefined = providers.find((id) => id === provider);
  const accountId = rest.join('/');
  return known === undefined || accountId === '' ? null : { provider: known, accountId };
}

/** Null for text of another version, or that was edited. */
export function parseStoredSecret(text: string): StoredSecret | null {
  try {
    const parsed = storedSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Every part that must never be seen. */
export function secretsIn(secret: StoredSecret): string[] {
  if (secret.kind === 'api_key') return [secret.apiKey, ...credentialsIn(secret.baseUrl)];
  const { accessToken, refreshToken, idToken } = secret.tokens;
  return [accessToken, refreshToken, idToken, secret.client.secret].filter((text) => text !== null);
}

/** User name and password of an address, as written and as sent. */
function credentialsIn(baseUrl: string | null): string[] {
  const userinfo = /^[a-z]+:\/\/([^/?#]*)@/i.exec(baseUrl ?? '')?.[1];
  if (userinfo === undefined) return [];
  const password = userinfo.slice(userinfo.indexOf(':') + 1);
  return [userinfo, password, Buffer.from(userinfo).toString('base64')];
}

import { z } from 'zod';
import type { AccountProvider, AccountServer } from './account-server.ts';
import { callJson } from './call-json.ts';
import type { HttpFetch } from './http-fetch.ts';
import { ModelFailure } from './model-failure.ts';
import { codeAssist } from './subscription-constants.ts';
import { codeAssistError } from './subscription-errors.ts';

export interface CodeAssistDeps {
  fetch: HttpFetch;
  /** Without a trailing slash; default: Google's. */
  endpoint?: string;
}

export const codeAssistAccount: AccountProvider = {
  provider: 'google-antigravity',
  name: 'Google Antigravity',
  needsKey: true,
  errorOf: codeAssistError,
};

/** What Cloud Code Assist has for an account (llm-protocols.md §1.3). Null where it tells none. */
export interface CodeAssistFacts {
  projectId: string | null;
  /** The name of its tier. */
  plan: string | null;
}

const tier = z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }).nullish().catch(null);
const loadSchema = z.looseObject({
  currentTier: tier,
  paidTier: tier,
  cloudaicompanionProject: z
    .union([z.string(), z.looseObject({ id: z.string() }).transform(({ id }) => id)])
    .nullish()
    .catch(null),
});

/** Throws ModelFailure. */
export async function loadCodeAssist(account: AccountServer, signal: AbortSignal): Promise<CodeAssistFacts> {
  const loaded = await callCodeAssist(account, {
    path: ':loadCodeAssist',
    body: { metadata: codeAssist.metadata },
    schema: loadSchema,
    signal,
  });
  const { paidTier, currentTier, cloudaicompanionProject: projectId } = loaded;
  const plan = paidTier?.name ?? paidTier?.id ?? currentTier?.name ?? currentTier?.id ?? null;
  return { projectId: projectId || null, plan };
}

interface CodeAssistCall<T extends z.ZodType> {
  /** Behind `/v1internal`. */
  path: string;
  body: unknown;
  schema: T;
  signal: AbortSignal;
}

/** One call of Code Assist for JSON. Throws ModelFailure. */
export async function callCodeAssist<T extends z.ZodType>(
  { server, baseUrl, key }: AccountServer,
  { path, ...call }: CodeAssistCall<T>,
): Promise<z.infer<T>> {
  const url = `${baseUrl}/v1internal${path}`;
  const { value } = await callJson(server, { ...call, url, headers: codeAssistHeaders(key) });
  if (value !== null) return value;
  throw new ModelFailure({ kind: 'bad_response', message: `${server.name} answered nothing.` });
}

export const codeAssistHeaders = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'user-agent': `antigravity/${codeAssist.clientVersion} ${systemName()}`,
  'x-goog-api-client': codeAssist.apiClient,
  'client-metadata': JSON.stringify(codeAssist.metadata),
});

/** `linux/amd64`: systems and processors as Go calls them. */
function systemName(): string {
  const { platform, arch } = process;
  const os = platform === 'win32' ? 'windows' : platform;
  return `${os}/${arch === 'x64' ? 'amd64' : arch}`;
}

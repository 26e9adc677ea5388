import { z } from 'zod';
import { err, ok, type Result } from '../../../shared/errors.ts';
import type { CallLimits, OAuthFailure } from '../../app/ports/oauth.ts';
import type { FlowDeps } from './grant-requests.ts';
import { exchangeFailure, hide } from './oauth-errors.ts';
import { unreachable, type OAuthAnswer } from './oauth-http.ts';

const tier = z.object({ id: z.string(), name: z.string().optional(), isDefault: z.boolean().optional() });
const projectId = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const assistSchema = z.object({
  currentTier: tier.partial().nullish(),
  paidTier: tier.partial().nullish(),
  allowedTiers: z.array(tier).nullish(),
  ineligibleTiers: z
    .array(z.object({ reasonMessage: z.string().optional(), validationUrl: z.string().optional() }))
    .nullish(),
  cloudaicompanionProject: projectId.nullish(),
});
const operationSchema = z.object({
  name: z.string().optional(),
  done: z.boolean().optional(),
  response: z.object({ cloudaicompanionProject: projectId.nullish() }).nullish(),
});
type Assist = z.infer<typeof assistSchema>;

export interface Project {
  projectId: string;
  plan: string | null;
}

const metadata = { ideType: 'ANTIGRAVITY', platform: 'PLATFORM_UNSPECIFIED', pluginType: 'GEMINI' };
const pollMs = 5_000;
const freeTier = 'free-tier';

/** The project that calls of an account are made in, made by the service where there is none (llm-protocols.md §1.3). */
export async function findProject(
  deps: FlowDeps,
  accessToken: string,
  limits: CallLimits,
): Promise<Result<Project, OAuthFailure>> {
  const base = `${deps.endpoints.projectUrl ?? ''}/v1internal`;
  const headers = { authorization: `Bearer ${accessToken}` };
  const loaded = await deps.http.postJson(`${base}:loadCodeAssist`, { metadata }, limits, headers);
  const assist = read(loaded, assistSchema, base, accessToken);
  if (!assist.ok) return assist;
  const { currentTier, paidTier, cloudaicompanionProject } = assist.value;
  const plan = paidTier?.name ?? currentTier?.name ?? currentTier?.id ?? null;
  if (currentTier != null && cloudaicompanionProject != null)
    return ok({ projectId: cloudaicompanionProject, plan });
  const onboarded = await onboard(deps, assist.value, base, headers, limits);
  return onboarded.ok ? ok({ projectId: onboarded.value, plan }) : onboarded;
}

async function onboard(
  { http, sleep }: FlowDeps,
  assist: Assist,
  base: string,
  headers: Record<string, string>,
  limits: CallLimits,
): Promise<Result<string, OAuthFailure>> {
  const refusal = assist.ineligibleTiers?.[0];
  const tiers = assist.allowedTiers ?? [];
  const chosen = tiers.find(({ isDefault }) => isDefault === true) ?? tiers[0];
  if (chosen === undefined && refusal !== undefined) return err(ineligible(refusal));
  const tierId = chosen?.id ?? freeTier;
  const body = {
    tierId,
    metadata,
    ...(tierId === freeTier ? {} : { cloudaicompanionProject: assist.cloudaicompanionProject ?? undefined }),
  };
  let answer = await http.postJson(`${base}:onboardUser`, body, limits, headers);
  for (;;) {
    const operation = read(answer, operationSchema, base, headers['authorization'] ?? '');
    if (!operation.ok) return operation;
    const { done, name, response } = operation.value;
    if (done === true) {
      const found = response?.cloudaicompanionProject ?? assist.cloudaicompanionProject ?? null;
      return found === null
        ? err({ kind: 'denied', message: 'Google made no project for this account.' })
        : ok(found);
    }
    if (name === undefined || !/^[\w./-]+$/.test(name) || name.includes('..'))
      return err({
        kind: 'transient',
        message: 'Google does not say how the set-up of this account goes on: try again',
      });
    try {
      await sleep(pollMs, limits.signal);
    } catch {
      return err(unreachable(base));
    }
    answer = await http.get(`${base}/${name}`, limits, headers);
  }
}

function read<T>(
  answer: OAuthAnswer | null,
  schema: z.ZodType<T>,
  base: string,
  secret: string,
): Result<T, OAuthFailure> {
  if (answer === null) return err(unreachable(base));
  const parsed = schema.safeParse(answer.json);
  if (answer.status === 200 && parsed.success) return ok(parsed.data);
  return err(exchangeFailure(answer, new URL(base).host, [secret]));
}

function ineligible({
  reasonMessage = 'Google does not admit this account.',
  validationUrl,
}: {
  reasonMessage?: string;
  validationUrl?: string;
}): OAuthFailure {
  const link =
    validationUrl !== undefined && /^https:\/\//.test(validationUrl) ? ` See ${validationUrl}` : '';
  return { kind: 'denied', message: hide(reasonMessage + link, []) };
}

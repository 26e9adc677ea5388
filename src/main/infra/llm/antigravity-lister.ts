import { z } from 'zod';
import type { ListedModel, ModelLister } from '../../app/ports/model.ts';
import { serverOfAccount } from './account-server.ts';
import { callCodeAssist, codeAssistAccount, loadCodeAssist, type CodeAssistDeps } from './code-assist.ts';
import { requireConsent, type AntigravityGate } from './antigravity-gate.ts';
import { asListing, wholeTokens } from './listing.ts';
import { codeAssist } from './subscription-constants.ts';

const listSchema = z.looseObject({ models: z.record(z.string(), z.unknown()) });

const modelSchema = z.looseObject({
  displayName: z.string().nullish().catch(null),
  isInternal: z.boolean().nullish().catch(null),
  disabled: z.boolean().nullish().catch(null),
  maxTokens: z.number().nullish().catch(null),
  maxOutputTokens: z.number().nullish().catch(null),
  supportsImages: z.boolean().nullish().catch(null),
  supportsThinking: z.boolean().nullish().catch(null),
  quotaInfo: z
    .looseObject({
      remainingFraction: z.number().nullish().catch(null),
      resetTime: z.string().nullish().catch(null),
      isExhausted: z.boolean().nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
type Model = z.infer<typeof modelSchema>;

/** The models of Cloud Code Assist, each with what is left of its quota (llm-protocols.md §2.2). */
export function createAntigravityLister(deps: CodeAssistDeps & AntigravityGate): ModelLister {
  return {
    provider: 'google-antigravity',
    needsAccount: true,
    list: ({ credential }, signal) =>
      asListing(codeAssistAccount.name, signal, async () => {
        requireConsent(deps);
        const { fetch: http, endpoint = codeAssist.endpoint } = deps;
        const account = serverOfAccount(codeAssistAccount, { http, endpoint, credential, model: '' });
        const project = credential?.facts.project_id;
        const [list, plan] = await Promise.all([
          callCodeAssist(account, {
            path: ':fetchAvailableModels',
            body: project === undefined ? {} : { project },
            schema: listSchema,
            signal,
          }),
          // The plan is told beside the list: it must not take the list away.
          loadCodeAssist(account, signal).then(
            (loaded) => loaded.plan,
            () => null,
          ),
        ]);
        const quota = plan === null ? null : { plan, windows: [] };
        return { changed: true, models: modelsOf(list.models), etag: null, quota };
      }),
  };
}

const modelsOf = (models: Record<string, unknown>): ListedModel[] =>
  Object.entries(models).flatMap(([modelId, entry]) => {
    const model = modelSchema.safeParse(entry).data;
    return model === undefined || modelId === '' || isHidden(model) ? [] : [listedOf(modelId, model)];
  });

const isHidden = ({ isInternal, disabled }: Model): boolean => isInternal === true || disabled === true;

const listedOf = (modelId: string, model: Model): ListedModel => ({
  modelId,
  displayName: model.displayName ?? modelId,
  contextWindowTokens: wholeTokens(model.maxTokens),
  maxOutputTokens: wholeTokens(model.maxOutputTokens),
  metadata: {
    capabilities: {
      tools: true,
      ...(model.supportsImages == null ? {} : { vision: model.supportsImages }),
      ...(model.supportsThinking == null ? {} : { reasoning: model.supportsThinking }),
    },
  },
  quotaRemainingFraction: leftOf(model),
  quotaResetAtMs: resetOf(model),
});

/** 0 to 1. Protocol buffers leave a zero out: a quota with a reset and no fraction is used up. */
function leftOf({ quotaInfo }: Model): number | null {
  if (quotaInfo == null) return null;
  if (quotaInfo.isExhausted === true) return 0;
  const left = quotaInfo.remainingFraction ?? (quotaInfo.resetTime == null ? null : 0);
  return left === null ? null : Math.min(1, Math.max(0, left));
}

function resetOf({ quotaInfo }: Model): number | null {
  const atMs = Date.parse(quotaInfo?.resetTime ?? '');
  return Number.isNaN(atMs) ? null : atMs;
}

import { routeModel } from '../domain/model-route.ts';
import type { ModelError } from '../domain/model-messages.ts';
import type { Result } from '../../shared/errors.ts';
import type { Credential, Credentials } from './ports/credentials.ts';
import type { ModelLister } from './ports/model.ts';

export interface ModelCheckDeps {
  listers: readonly ModelLister[];
  credentials: Pick<Credentials, 'active'>;
}

/** Whether calls of a model would find it, with the account that they would be made with. */
export interface ModelCheck {
  ok: boolean;
  /** What to do when not; else empty. */
  advice: string;
}

/** `name` as in the settings: `provider/model`, or a name of the first Dev Crew. Asks the provider. */
export async function checkModel(
  deps: ModelCheckDeps,
  name: string,
  signal: AbortSignal,
): Promise<ModelCheck> {
  const route = routeModel(name);
  const lister = deps.listers.find(({ provider }) => provider === route?.provider);
  if (route === null || lister === undefined)
    return no('Choose a model of a provider that this version speaks to, in Settings.');
  const account = await accountFor(deps, lister, signal);
  if (!account.ok) return no(account.error.message);
  const listed = await lister.list(account.value === null ? {} : { credential: account.value }, signal);
  if (!listed.ok) return no(listed.error.message);
  const { modelId, provider } = route;
  const found =
    listed.value.changed &&
    listed.value.models.some((model) => model.modelId === modelId || model.modelId === `${modelId}:latest`);
  if (found) return { ok: true, advice: '' };
  return no(
    provider === 'ollama'
      ? `Get it with: ollama pull ${modelId}`
      : `${provider} has no model ${modelId} for this account: choose another in Settings.`,
  );
}

const no = (advice: string): ModelCheck => ({ ok: false, advice });

const accountFor = async (
  { credentials }: ModelCheckDeps,
  { provider, needsAccount }: ModelLister,
  signal: AbortSignal,
): Promise<Result<Credential | null, ModelError>> =>
  needsAccount ? credentials.active(provider, signal) : { ok: true, value: null };

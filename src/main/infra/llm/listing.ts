import { err, ok, type Result } from '../../../shared/errors.ts';
import type { ListedModel, ModelList } from '../../app/ports/model.ts';
import type { ModelError } from '../../domain/model-messages.ts';
import { failureIn, oneLine } from './model-failure.ts';

/** Runs the work of a lister, which may throw, and makes data of its failures. */
export async function asListing(
  name: string,
  signal: AbortSignal,
  work: () => Promise<ModelList>,
): Promise<Result<ModelList, ModelError>> {
  try {
    return ok(await work());
  } catch (thrown) {
    if (signal.aborted) return err({ kind: 'canceled', message: 'The listing was canceled.' });
    const known = failureIn(thrown);
    if (known !== null) return err(known);
    return err({
      kind: 'bad_response',
      message: `The list of ${name} cannot be read: ${oneLine(String(thrown))}`,
    });
  }
}

/** A list may name a model twice; the first counts. */
export function withoutRepeats(models: readonly ListedModel[]): ListedModel[] {
  const seen = new Set<string>();
  return models.filter(({ modelId }) => !seen.has(modelId) && seen.add(modelId));
}

/** A number of tokens as the catalog keeps it. */
export const wholeTokens = (tokens: number | null | undefined): number | null =>
  tokens == null || !(tokens >= 1) ? null : Math.floor(tokens);

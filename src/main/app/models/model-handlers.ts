import { fail } from '../../../shared/errors.ts';
import type { Handlers } from '../handlers.ts';

type ModelOperation =
  | 'llm.testModel'
  | 'llm.showModel'
  | 'llm.pullModel'
  | 'llm.pulls'
  | 'llm.cancelPull'
  | 'llm.prices'
  | 'llm.setPrice';

const notYet = async () => fail('unavailable', 'This is not in this version yet');

/** Handlers of single models and of prices. */
export function createModelHandlers(): Pick<Handlers, ModelOperation> {
  return {
    'llm.testModel': notYet,
    'llm.showModel': notYet,
    'llm.pullModel': notYet,
    'llm.pulls': notYet,
    'llm.cancelPull': notYet,
    'llm.prices': notYet,
    'llm.setPrice': notYet,
  };
}

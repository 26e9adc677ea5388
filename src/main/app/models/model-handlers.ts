import { fail } from '../../../shared/errors.ts';
import type { Handlers } from '../handlers.ts';

type ModelOperation = 'llm.testModel' | 'llm.showModel' | 'llm.pullModel' | 'llm.pulls' | 'llm.cancelPull';

const notYet = async () => fail('unavailable', 'This is not in this version yet');

/** Handlers of single models. */
export function createModelHandlers(): Pick<Handlers, ModelOperation> {
  return {
    'llm.testModel': notYet,
    'llm.showModel': notYet,
    'llm.pullModel': notYet,
    'llm.pulls': notYet,
    'llm.cancelPull': notYet,
  };
}

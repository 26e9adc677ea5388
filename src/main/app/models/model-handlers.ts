import { fail, ok } from '../../../shared/errors.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { CallModel } from '../crew/engine.ts';
import type { Handlers } from '../handlers.ts';
import type { ModelLibrary } from '../ports/model.ts';
import type { ModelPulls } from './model-pulls.ts';
import { testModel } from './test-model.ts';

type ModelOperation = 'llm.testModel' | 'llm.showModel' | 'llm.pullModel' | 'llm.pulls' | 'llm.cancelPull';

export interface ModelHandlerDeps {
  callModel: CallModel;
  library: ModelLibrary;
  pulls: ModelPulls;
  settings: () => Pick<Settings, 'context_tokens'>;
}

/** Ollama's own name of a model; people also write it as jobs do. */
const nameOf = (model: string): string => model.trim().replace(/^ollama\//, '');

/** Handlers of single models. */
export function createModelHandlers(deps: ModelHandlerDeps): Pick<Handlers, ModelOperation> {
  return {
    'llm.testModel': async ({ model }, signal) =>
      ok(await testModel(deps.callModel, model, deps.settings().context_tokens, signal)),
    'llm.showModel': async ({ model }, signal) => {
      const shown = await deps.library.show(nameOf(model), signal);
      if (shown.ok) return ok({ model: nameOf(model), details: shown.value });
      return fail(shown.error.kind === 'model_not_found' ? 'not_found' : 'unavailable', shown.error.message);
    },
    'llm.pullModel': async ({ model }) =>
      nameOf(model) === '' ? fail('invalid_input', 'Name the model') : ok(deps.pulls.start(nameOf(model))),
    'llm.pulls': async ({ wait_seconds: seconds }, signal) =>
      ok({
        pulls: seconds > 0 ? await deps.pulls.listAfterChange(seconds * 1000, signal) : deps.pulls.list(),
      }),
    'llm.cancelPull': async ({ model }) => deps.pulls.cancel(nameOf(model)),
  };
}

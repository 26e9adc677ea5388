import { ok, type Result } from '../../../src/shared/errors.ts';
import type { OperationName, OutputOf } from '../../../src/shared/operations.ts';
import { samples } from '../../contract/edges/samples.ts';

type Name =
  | Extract<OperationName, `accounts.${string}` | `usage.${string}`>
  | 'llm.testModel'
  | 'llm.showModel'
  | 'llm.pullModel'
  | 'llm.pulls'
  | 'llm.cancelPull'
  | 'llm.prices'
  | 'llm.setPrice'
  | 'jobs.spending'
  | 'jobs.raiseBudget';

const names = (Object.keys(samples) as OperationName[]).filter(
  (name): name is Name =>
    /^(accounts|usage)\./.test(name) ||
    /^llm\.(testModel|showModel|pull|cancelPull|prices|setPrice)/.test(name) ||
    name === 'jobs.spending' ||
    name === 'jobs.raiseBudget',
);

/** Answers of the operations that the pages of this suite only read. */
export const accountAnswers = Object.fromEntries(
  names.map((name) => [name, () => ok(samples[name].output)]),
) as { [N in Name]: () => Result<OutputOf<N>> };
